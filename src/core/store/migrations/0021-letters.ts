/**
 * Which characters a field says, a bit for each, so that one alone is found without a look at all texts; and fields by the decision that
 * counts, so that a person's are found without a look at each field.
 */
export const letters = "abcdefghijklmnopqrstuvwxyz0123456789 -'./_,"

const bits = Array.from(letters, (letter, bit) => `((instr(search, '${letter.replace("'", "''")}') > 0) << ${bit})`)

export const sql = /* sql */ `
ALTER TABLE fields ADD COLUMN letters INTEGER GENERATED ALWAYS AS (${bits.join(' | ')}) VIRTUAL;
CREATE INDEX fields_by_letters ON fields (id, letters);
CREATE INDEX fields_by_decision ON fields (decision_id, status, differs, origin, imported_state) WHERE decision_id IS NOT NULL;
`
