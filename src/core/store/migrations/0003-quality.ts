/** Suspected labels, samples, acceptance rules, kept selections, and what was exported when. */
export const sql = /* sql */ `
-- What the last search for wrong labels found; made anew by each. \`evidence\`: a JSON array, see the contract.
CREATE TABLE suspects (
  field_id INTEGER PRIMARY KEY REFERENCES fields(id), place INTEGER NOT NULL UNIQUE, probability REAL NOT NULL, evidence TEXT NOT NULL) STRICT;

-- Difference hashes of crops, 64 hexadecimal digits, made where they are needed (core/quality/twins.ts).
CREATE TABLE image_hashes (image_id INTEGER PRIMARY KEY REFERENCES images(id), hash TEXT NOT NULL) STRICT;

-- Uniform random samples: of the undecided fields, or of what a rule accepted (its audit). Positions are the drawn order.
CREATE TABLE samples (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('accuracy','audit')), rule_id INTEGER REFERENCES rules(id),
  seed INTEGER NOT NULL, population INTEGER NOT NULL, drawn_at TEXT NOT NULL) STRICT;
CREATE TABLE sample_fields (
  sample_id INTEGER NOT NULL REFERENCES samples(id), position INTEGER NOT NULL, field_id INTEGER NOT NULL REFERENCES fields(id),
  PRIMARY KEY (sample_id, position)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sample_fields_by_field ON sample_fields (field_id, sample_id);

-- Decisions that were made without sight of the confidence: samples count no others.
CREATE TABLE blind_decisions (decision_id INTEGER PRIMARY KEY REFERENCES decisions(id)) STRICT;

-- An application of the rule "accept from this confidence on". Its decisions are those of its action.
CREATE TABLE rules (
  id INTEGER PRIMARY KEY, action_id INTEGER NOT NULL REFERENCES actions(id), sample_id INTEGER NOT NULL REFERENCES samples(id),
  promise REAL NOT NULL, threshold REAL NOT NULL, accuracy REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('applying','applied','undone','broken')), reviewer TEXT NOT NULL, applied_at TEXT NOT NULL,
  request TEXT UNIQUE) STRICT;

-- A kept list of fields, as a JSON array of ids in order.
CREATE TABLE selections (id INTEGER PRIMARY KEY, ids TEXT NOT NULL, made_at TEXT NOT NULL) STRICT;

-- What was exported when; the last ids then tell what is newer, whatever the clock does.
CREATE TABLE exports (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, path TEXT NOT NULL, rows INTEGER NOT NULL, options TEXT NOT NULL,
  last_field INTEGER NOT NULL, last_label INTEGER NOT NULL, last_decision INTEGER NOT NULL, last_rotation INTEGER NOT NULL,
  last_reading INTEGER NOT NULL) STRICT;
`
