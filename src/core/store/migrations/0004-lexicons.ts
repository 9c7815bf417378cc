/** Lexicons, rosters and the lattices that readings are rescored from. */
export const sql = /* sql */ `
-- What the confidence is calibrated from: a JSON array of numbers in the order of FEATURES (core/decode/features.ts).
ALTER TABLE readings ADD COLUMN features TEXT;

-- A CTC network's output, packed (core/decode/lattice.ts).
CREATE TABLE lattices (reading_id INTEGER PRIMARY KEY REFERENCES readings(id) ON DELETE CASCADE, bytes BLOB NOT NULL) STRICT;

-- What the model read by itself, kept while lexicons changed the reading; given back when they are taken away.
CREATE TABLE own_readings (
  reading_id INTEGER PRIMARY KEY REFERENCES readings(id) ON DELETE CASCADE, text TEXT NOT NULL, confidence REAL NOT NULL,
  characters TEXT NOT NULL, alternatives TEXT NOT NULL, features TEXT) STRICT;

-- An imported list. \`fields\`: names of the form's fields it is for (JSON array), null for all. A roster has one column a
-- field, in this order, and rows; other kinds have names.
CREATE TABLE lexicons (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('first-name','surname','roster')),
  file TEXT NOT NULL, fields TEXT, enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  rows INTEGER NOT NULL DEFAULT 0, entries INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL DEFAULT 0,
  imported_at TEXT NOT NULL) STRICT;

-- \`column\` is 0 for names, the place among \`fields\` for a roster; \`key\` is the text without case and accents.
CREATE TABLE lexicon_entries (
  id INTEGER PRIMARY KEY, lexicon_id INTEGER NOT NULL REFERENCES lexicons(id) ON DELETE CASCADE, place INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL, key TEXT NOT NULL, count INTEGER NOT NULL, UNIQUE (lexicon_id, place, text)) STRICT;
CREATE INDEX lexicon_entries_by_key ON lexicon_entries (lexicon_id, place, key, count);

-- The rows of a roster: an entry each column; an empty cell has none.
CREATE TABLE roster_cells (
  lexicon_id INTEGER NOT NULL REFERENCES lexicons(id) ON DELETE CASCADE, row INTEGER NOT NULL, place INTEGER NOT NULL,
  entry_id INTEGER NOT NULL REFERENCES lexicon_entries(id) ON DELETE CASCADE, PRIMARY KEY (lexicon_id, row, place)) STRICT, WITHOUT ROWID;
CREATE INDEX roster_cells_by_entry ON roster_cells (entry_id);

-- What people decided, by its beginning: completions while typing.
CREATE INDEX fields_by_decided_text ON fields (text COLLATE NOCASE) WHERE origin = 'decision' AND text IS NOT NULL;
`
