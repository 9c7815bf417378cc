/** Files that a person took out of the project. Nothing of them is deleted: they are hidden until they are brought back. */
export const sql = /* sql */ `
CREATE TABLE removals (
  -- run_id: of the import that was undone; null where files were chosen
  id INTEGER PRIMARY KEY, run_id INTEGER REFERENCES runs(id), reviewer TEXT NOT NULL, at TEXT NOT NULL) STRICT;
-- former: as it was in \`sources\` before; a removed source is a former one, so that its place is free and its content is found again.
CREATE TABLE removed_sources (
  source_id INTEGER PRIMARY KEY REFERENCES sources(id) ON DELETE CASCADE, removal_id INTEGER NOT NULL REFERENCES removals(id),
  former INTEGER NOT NULL CHECK (former IN (0, 1))) STRICT;
CREATE INDEX removed_sources_by_removal ON removed_sources (removal_id);
`
