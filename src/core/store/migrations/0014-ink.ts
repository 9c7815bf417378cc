/**
 * Which change of its ink each field shows: of the scan behind it, or of its box. A decision says as of which change it was shown, and
 * is refused where another has come since. `ink` holds the number of the last change in the project.
 */
const changed = (fields: string): string => `
  UPDATE ink SET changes = changes + 1;
  UPDATE fields SET ink = (SELECT changes FROM ink) WHERE ${fields};`

export const sql = /* sql */ `
CREATE TABLE ink (changes INTEGER NOT NULL) STRICT;
INSERT INTO ink VALUES (0);
ALTER TABLE fields ADD COLUMN ink INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER boxes_changed AFTER UPDATE OF quad, page_id, source_id ON fields
  WHEN old.quad IS NOT new.quad OR old.page_id IS NOT new.page_id OR (new.page_id IS NULL AND old.source_id <> new.source_id) BEGIN
  ${changed('id = new.id')}
END;
CREATE TRIGGER page_contents_changed AFTER UPDATE OF content_id ON pages WHEN old.content_id IS NOT new.content_id BEGIN
  ${changed('page_id = new.id')}
END;
CREATE TRIGGER source_contents_changed AFTER UPDATE OF content_id ON sources WHEN old.content_id IS NOT new.content_id BEGIN
  ${changed('source_id = new.id AND page_id IS NULL')}
END;
`
