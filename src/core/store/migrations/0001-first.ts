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
-- Each reviewer has two stacks, of acts to undo and of undone acts to redo, kept as linked lists in these rows: decide and
-- redo push on the first, undo on the second; below_id is the act beneath it there, other_id the top of the other stack
-- after the act. The newest act of a reviewer thus tells what comes next, at any length of history.
CREATE TABLE actions (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('decide','undo','redo')), target_id INTEGER REFERENCES actions(id),
  below_id INTEGER REFERENCES actions(id), other_id INTEGER REFERENCES actions(id),
  -- how many decisions it made or voided
  size INTEGER NOT NULL,
  reviewer TEXT NOT NULL, at TEXT NOT NULL,
  -- the window's own name for the act, so that one whose reply was lost and that is sent again is done once
  request TEXT UNIQUE) STRICT;
CREATE INDEX actions_by_reviewer ON actions (reviewer, id);
CREATE INDEX actions_by_time ON actions (reviewer, at, kind, size);
CREATE TRIGGER actions_are_kept BEFORE DELETE ON actions BEGIN SELECT RAISE(ABORT, 'actions are append-only'); END;
CREATE TRIGGER actions_are_final BEFORE UPDATE ON actions BEGIN SELECT RAISE(ABORT, 'actions are append-only'); END;

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
  text TEXT, origin TEXT NOT NULL DEFAULT 'none', differs INTEGER NOT NULL DEFAULT 0 CHECK (differs IN (0, 1)), reading_id INTEGER REFERENCES readings(id),
  confidence REAL, decision_id INTEGER REFERENCES decisions(id),
  -- lower-cased and without accents: label, reading, imported label and path, a line each
  search TEXT NOT NULL DEFAULT '',
  UNIQUE (source_id, page, name)) STRICT;
CREATE INDEX fields_by_image ON fields (image_id);
-- One covering index an order of the queue: any filter but the text search is answered from it alone.
CREATE INDEX fields_by_confidence ON fields (confidence, position, id, status, differs);
CREATE INDEX fields_by_position ON fields (position, id, status, differs, confidence);

-- How many fields are in each state, kept by the triggers below: counts cost nothing at any size.
CREATE TABLE tallies (
  status TEXT NOT NULL, differs INTEGER NOT NULL, read INTEGER NOT NULL, count INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (status, differs, read)) STRICT, WITHOUT ROWID;
INSERT INTO tallies (status, differs, read)
  WITH states (status) AS (VALUES ('undecided'), ('accepted'), ('corrected'), ('blank'), ('illegible'), ('flagged'), ('failed')),
    bits (bit) AS (VALUES (0), (1))
  SELECT status, differing.bit, reading.bit FROM states, bits AS differing, bits AS reading;
CREATE TRIGGER fields_added AFTER INSERT ON fields BEGIN
  UPDATE tallies SET count = count + 1
    WHERE status = new.status AND differs = new.differs AND read = (new.reading_id IS NOT NULL);
END;
CREATE TRIGGER fields_removed AFTER DELETE ON fields BEGIN
  UPDATE tallies SET count = count - 1
    WHERE status = old.status AND differs = old.differs AND read = (old.reading_id IS NOT NULL);
END;
CREATE TRIGGER fields_moved AFTER UPDATE OF status, differs, reading_id ON fields
  WHEN old.status <> new.status OR old.differs <> new.differs OR (old.reading_id IS NULL) <> (new.reading_id IS NULL) BEGIN
  UPDATE tallies SET count = count - 1
    WHERE status = old.status AND differs = old.differs AND read = (old.reading_id IS NOT NULL);
  UPDATE tallies SET count = count + 1
    WHERE status = new.status AND differs = new.differs AND read = (new.reading_id IS NOT NULL);
END;

-- Turns a person gave a field, for its history; \`turns\` is the rotation from then on.
CREATE TABLE rotations (
  id INTEGER PRIMARY KEY, field_id INTEGER NOT NULL REFERENCES fields(id), turns INTEGER NOT NULL CHECK (turns BETWEEN 0 AND 3),
  at TEXT NOT NULL) STRICT;
CREATE INDEX rotations_by_field ON rotations (field_id);
`
