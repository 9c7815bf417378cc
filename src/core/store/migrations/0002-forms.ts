/**
 * Templates, pages and their registration. A page is one image of a source: its identity is the source's sha256 and its
 * number. What registration found lies in `pages` and can be made again; what a person said of a page lies there too
 * (`corners`, `wanted_template_id`, `discarded`), with each act and outcome in `page_events`.
 */
export const sql = /* sql */ `
-- A further kind of run; SQLite changes a CHECK only by making the table anew.
CREATE TABLE runs_with_pages (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('import','pages','recognise','relink','export')),
  status TEXT NOT NULL CHECK (status IN ('running','paused','done','cancelled','failed','interrupted')),
  parameters TEXT NOT NULL, result TEXT, error TEXT, pid INTEGER NOT NULL, heartbeat TEXT NOT NULL,
  started_at TEXT NOT NULL, ended_at TEXT) STRICT;
INSERT INTO runs_with_pages (id, kind, status, parameters, result, error, pid, heartbeat, started_at, ended_at)
  SELECT id, kind, status, parameters, result, error, pid, heartbeat, started_at, ended_at FROM runs;
DROP TABLE runs;
ALTER TABLE runs_with_pages RENAME TO runs;

-- 1 where the file's images are pages: a PDF, a multi-page TIFF, or any image that was imported as pages.
ALTER TABLE sources ADD COLUMN as_pages INTEGER NOT NULL DEFAULT 0 CHECK (as_pages IN (0, 1));

CREATE TABLE templates (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
  -- the template file as JSON: fields in px of the image, and all keys that Nomina does not know
  json TEXT NOT NULL,
  image_sha256 TEXT NOT NULL,
  -- 1: kept only because pages and decisions still name it
  removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1)),
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  -- JPEG or PNG; last, so that lists do not read it
  image BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX templates_by_name ON templates (name) WHERE removed = 0;

CREATE TABLE pages (
  id INTEGER PRIMARY KEY, source_id INTEGER NOT NULL REFERENCES sources(id), number INTEGER NOT NULL,
  position INTEGER NOT NULL DEFAULT 0,
  -- of the stored image, px before any rotation; null until it was decoded
  width INTEGER, height INTEGER, dpi REAL, origin TEXT CHECK (origin IN ('image','embedded','rendered')),
  turns INTEGER NOT NULL DEFAULT 0 CHECK (turns BETWEEN 0 AND 3),
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending','matched','unmatched','discarded','failed')), reason TEXT,
  template_id INTEGER REFERENCES templates(id), homography TEXT, score REAL,
  -- what a person said: corners of the template's image (JSON, 8 numbers), or the template to look for
  corners TEXT, wanted_template_id INTEGER REFERENCES templates(id),
  UNIQUE (source_id, number)) STRICT;
CREATE INDEX pages_by_position ON pages (position, id);
CREATE INDEX pages_by_status ON pages (status, position, id);
CREATE INDEX pages_by_template ON pages (template_id);

-- Append-only: what became of a page, and who said so.
CREATE TABLE page_events (
  id INTEGER PRIMARY KEY, page_id INTEGER NOT NULL REFERENCES pages(id),
  what TEXT NOT NULL CHECK (what IN ('matched','unmatched','failed','corners','template','discarded','restored','register')),
  note TEXT, who TEXT, at TEXT NOT NULL) STRICT;
CREATE INDEX page_events_by_page ON page_events (page_id, id);
CREATE TRIGGER page_events_are_kept BEFORE DELETE ON page_events BEGIN SELECT RAISE(ABORT, 'page events are append-only'); END;
CREATE TRIGGER page_events_are_final BEFORE UPDATE ON page_events BEGIN SELECT RAISE(ABORT, 'page events are append-only'); END;

-- A field on a page: its image is its crop, a file of the project's own. place: in reading order. recut: it was cut anew after it had been read; while decided, it is not read again.
ALTER TABLE fields ADD COLUMN page_id INTEGER REFERENCES pages(id);
ALTER TABLE fields ADD COLUMN quad TEXT;
ALTER TABLE fields ADD COLUMN registration REAL;
ALTER TABLE fields ADD COLUMN blank REAL;
ALTER TABLE fields ADD COLUMN kind TEXT;
ALTER TABLE fields ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE fields ADD COLUMN recut INTEGER NOT NULL DEFAULT 0 CHECK (recut IN (0, 1));
-- What is read of a crop, line by line in reading order: files of their own, tightened around the ink, at x, y of the crop.
-- An image without lines is read as it is.
CREATE TABLE crop_lines (
  image_id INTEGER NOT NULL REFERENCES images(id), line INTEGER NOT NULL, sha256 TEXT NOT NULL, x REAL NOT NULL, y REAL NOT NULL,
  width REAL NOT NULL, height REAL NOT NULL,
  -- its corners on the page: JSON, as fields.quad
  quad TEXT NOT NULL, PRIMARY KEY (image_id, line)) STRICT, WITHOUT ROWID;
CREATE INDEX fields_by_page ON fields (page_id, place) WHERE page_id IS NOT NULL;
`
