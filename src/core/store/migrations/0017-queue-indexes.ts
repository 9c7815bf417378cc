/**
 * The queue's indexes cover where a label is from and what was imported. What is counted or rare is found by an index of states, a text
 * and a form's field by one each: see core/review/passing.ts.
 */
export const sql = /* sql */ `
DROP INDEX fields_by_confidence;
DROP INDEX fields_by_position;
CREATE INDEX fields_by_confidence ON fields (confidence, position, id, status, differs, origin, imported_state);
CREATE INDEX fields_by_position ON fields (position, id, status, differs, confidence, origin, imported_state);
-- Every field has such an id: only who says so uses it, as SQLite would prefer it to better ones.
CREATE INDEX fields_by_status ON fields (status, differs, origin, imported_state) WHERE id > 0;
CREATE INDEX fields_by_text ON fields (text, status, differs, origin, imported_state) WHERE text IS NOT NULL;
CREATE INDEX fields_by_form_field ON fields (name, status, differs, origin, imported_state) WHERE name <> '';
`
