/**
 * The first schema. `images` holds what the pixels determine (files with identical bytes share one), `sources` the files,
 * `fields` one row per box on a page (here: one per file) with derived columns that `store/derive.ts` alone writes:
 * they can always be rebuilt from readings, imported labels and decisions.
 */
export const sql = /* sql */ `
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE roots (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('import','recognise','relink','export')),
  status TEXT NOT NULL CHECK (status IN ('running','paused','done','cancelled','failed','interrupted')),
  parameters TEXT NOT NULL, result TEXT, error TEXT, pid INTEGER NOT NULL, heartbeat TEXT NOT NULL,
  started_at TEXT NOT NULL, ended_at TEXT) STRICT;

-- One file given to import. A file that can't be used stays, with its reason.
CREATE TABLE sources (
  id INTEGER PRIMARY KEY, root_id INTEGER NOT NULL REFERENCES roots(id), path TEXT NOT NULL,
  size INTEGER NOT NULL, modified_ms REAL NOT NULL, sha256 TEXT, format TEXT,
  status TEXT NOT NULL CHECK (status IN ('ok','failed','missing')), reason TEXT,
  changed INTEGER NOT NULL DEFAULT 0, run_id INTEGER NOT NULL REFERENCES runs(id), added_at TEXT NOT NULL,
  UNIQUE (root_id, path)) STRICT;
CREATE INDEX sources_by_sha256 ON sources (sha256);

-- What is read: the upright pixels of one page of one file content, turned by quarter turns (clockwise).
CREATE TABLE images (
  id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, page INTEGER NOT NULL DEFAULT 1, rotation INTEGER NOT NULL DEFAULT 0 CHECK (rotation BETWEEN 0 AND 3),
  width INTEGER NOT NULL, height INTEGER NOT NULL, UNIQUE (sha256, page, rotation)) STRICT;

CREATE TABLE models (
  id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, title TEXT NOT NULL, manifest TEXT NOT NULL, seen_at TEXT NOT NULL) STRICT;

-- A failed reading has a reason and no text; it is tried again on request.
CREATE TABLE readings (
  id INTEGER PRIMARY KEY, image_id INTEGER NOT NULL REFERENCES images(id), model_id INTEGER NOT NULL REFERENCES models(id),
  run_id INTEGER REFERENCES runs(id), status TEXT NOT NULL CHECK (status IN ('ok','failed')), reason TEXT,
  text TEXT, confidence REAL, calibrated INTEGER NOT NULL DEFAULT 0, characters TEXT NOT NULL DEFAULT '[]', alternatives TEXT NOT NULL DEFAULT '[]',
  provider TEXT NOT NULL, read_at TEXT NOT NULL, UNIQUE (image_id, model_id)) STRICT;

-- Rows of labels files, as imported; field_id is null where no file has that name.
CREATE TABLE labels (
  id INTEGER PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs(id), file TEXT NOT NULL, line INTEGER NOT NULL, name TEXT NOT NULL,
  text TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('text','blank','illegible')), field_id INTEGER REFERENCES fields(id)) STRICT;
CREATE INDEX labels_by_field ON labels (field_id);

-- One act of a person (or a rule): a decision on 1..n fields, an undo or a redo of an earlier act. Append-only.
CREATE TABLE actions (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('decide','undo','redo')), target_id INTEGER REFERENCES actions(id),
  reviewer TEXT NOT NULL, at TEXT NOT NULL) STRICT;
CREATE INDEX actions_by_reviewer ON actions (reviewer, id);

-- Append-only. 'undone' voids the decision it names; a field's decision is its latest one that is not voided.
CREATE TABLE decisions (
  id INTEGER PRIMARY KEY, action_id INTEGER NOT NULL REFERENCES actions(id), field_id INTEGER NOT NULL REFERENCES fields(id),
  kind TEXT NOT NULL CHECK (kind IN ('accepted','corrected','blank','illegible','flagged','undone')), text TEXT, note TEXT,
  origin TEXT NOT NULL CHECK (origin IN ('person','rule')), undoes INTEGER REFERENCES decisions(id), reviewer TEXT NOT NULL, at TEXT NOT NULL) STRICT;
CREATE INDEX decisions_by_field ON decisions (field_id, id);
CREATE INDEX decisions_by_action ON decisions (action_id);
CREATE UNIQUE INDEX decisions_undone_once ON decisions (undoes) WHERE undoes IS NOT NULL;
CREATE TRIGGER decisions_are_kept BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decisions_are_final BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

CREATE TABLE fields (
  id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES sources(id), page INTEGER NOT NULL DEFAULT 1, name TEXT NOT NULL DEFAULT '',
  -- place in file order: the natural order of root and path, in steps that leave room
  position INTEGER NOT NULL DEFAULT 0, image_id INTEGER REFERENCES images(id), rotation INTEGER NOT NULL DEFAULT 0,
  imported TEXT, imported_state TEXT CHECK (imported_state IN ('text','blank','illegible')),
  -- derived
  status TEXT NOT NULL DEFAULT 'undecided' CHECK (status IN ('undecided','accepted','corrected','blank','illegible','flagged','failed')),
  text TEXT, origin TEXT NOT NULL DEFAULT 'none', differs INTEGER NOT NULL DEFAULT 0, reading_id INTEGER REFERENCES readings(id),
  confidence REAL, decision_id INTEGER REFERENCES decisions(id), search TEXT NOT NULL DEFAULT '',
  UNIQUE (source_id, page, name)) STRICT;
CREATE INDEX fields_by_image ON fields (image_id);
CREATE INDEX fields_by_confidence ON fields (status, confidence, id);
CREATE INDEX fields_by_position ON fields (position, id);
CREATE INDEX fields_by_differs ON fields (differs, status);
`
