/**
 * As of which change each field's own text is what it is, counted with the changes of ink: a reading or a label that comes between a list
 * and an act on it is not what the person saw.
 */
export const sql = /* sql */ `
ALTER TABLE fields ADD COLUMN text_as_of INTEGER NOT NULL DEFAULT 0;
`
