/**
 * Fields by a part of what they say. `field_texts` holds all three characters in a row of `fields.search`, and no text: whoever
 * changes that column tells it (see store/search.ts).
 */
export const sql = /* sql */ `
CREATE VIRTUAL TABLE field_texts USING fts5 (
  search, content='fields', content_rowid='id', columnsize=0, tokenize='trigram case_sensitive 1');
INSERT INTO field_texts (field_texts) VALUES ('rebuild');
CREATE TRIGGER texts_taken AFTER DELETE ON fields WHEN old.search <> '' BEGIN
  INSERT INTO field_texts (field_texts, rowid, search) VALUES ('delete', old.id, old.search);
END;
`
