/** A model of a field's own, where its template asks for one that is installed; null: the project's model reads it. */
export const sql = /* sql */ `
ALTER TABLE fields ADD COLUMN model_id INTEGER REFERENCES models(id);
CREATE INDEX fields_by_model ON fields (model_id) WHERE model_id IS NOT NULL;
`
