/**
 * The grid by name. `names` holds every text that a field says (see store/names.ts) with how many fields say it, kept by the
 * triggers below, so that 30,000 groups are listed without looking at a field. `fields.name_id` is a derived column.
 */

/** What a field adds to its name's counts; `worth` in thousandths of a field, see core/names. */
const share = (row: 'old' | 'new'): string => `
    undecided = undecided SIGN (${row}.status = 'undecided'),
    decided = decided SIGN (${row}.status <> 'undecided'),
    worth = worth SIGN CASE WHEN ${row}.status = 'undecided'
      THEN CAST(round(1000.0 * coalesce(${row}.confidence, 0.5) / (1 + ${row}.differs)) AS INTEGER) ELSE 0 END`
const take = `UPDATE names SET ${share('old').replaceAll('SIGN', '-')} WHERE id = old.name_id;`
const give = `UPDATE names SET ${share('new').replaceAll('SIGN', '+')} WHERE id = new.name_id;`

export const sql = /* sql */ `
CREATE TABLE names (
  id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE,
  -- lower-cased and without accents
  folded TEXT NOT NULL,
  undecided INTEGER NOT NULL DEFAULT 0, decided INTEGER NOT NULL DEFAULT 0,
  -- how many of the undecided fields one confirmation would settle, as far as is known: thousandths
  worth INTEGER NOT NULL DEFAULT 0) STRICT;

ALTER TABLE fields ADD COLUMN name_id INTEGER REFERENCES names(id);
-- One name's fields, worst fit first, from this index alone.
CREATE INDEX fields_by_name ON fields (name_id, differs DESC, confidence, position, id, status) WHERE name_id IS NOT NULL;

CREATE TRIGGER names_given AFTER UPDATE OF name_id, status, confidence, differs ON fields
  WHEN old.name_id IS NOT new.name_id OR old.status <> new.status OR old.confidence IS NOT new.confidence
    OR old.differs <> new.differs BEGIN
  ${take}
  ${give}
END;
CREATE TRIGGER names_taken AFTER DELETE ON fields WHEN old.name_id IS NOT NULL BEGIN
  ${take}
END;
`
