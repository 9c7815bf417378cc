/**
 * What a decision is of. A content is one page as it was scanned, whatever file it lies in; `content_hashes` holds all names it
 * was met under (see store/contents.ts). Files and pages say which content they show now, decisions which one they were made on.
 */
export const sql = /* sql */ `
CREATE TABLE contents (id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE content_hashes (
  hash TEXT NOT NULL, content_id INTEGER NOT NULL REFERENCES contents(id), PRIMARY KEY (hash, content_id)) STRICT, WITHOUT ROWID;
INSERT INTO content_hashes (hash, content_id)
  SELECT 'file:' || sha256, row_number() OVER (ORDER BY min(id)) FROM sources
    WHERE sha256 IS NOT NULL AND as_pages = 0 GROUP BY sha256;
INSERT INTO content_hashes (hash, content_id)
  SELECT 'file:' || s.sha256 || '#' || p.number,
      (SELECT coalesce(max(content_id), 0) FROM content_hashes) + row_number() OVER (ORDER BY min(p.id))
    FROM pages p JOIN sources s ON s.id = p.source_id WHERE s.sha256 IS NOT NULL GROUP BY s.sha256, p.number;
INSERT INTO contents (id) SELECT content_id FROM content_hashes;

ALTER TABLE pages ADD COLUMN content_id INTEGER REFERENCES contents(id);
UPDATE pages SET content_id = (
  SELECT h.content_id FROM sources s JOIN content_hashes h ON h.hash = 'file:' || s.sha256 || '#' || pages.number
    WHERE s.id = pages.source_id);

-- A decision stores what it was made on: the content, the box on it (JSON, as fields.quad; null for a whole file), and how it
-- was seen (shared/domain.ts). Those from before are taken as made on what is there now.
DROP TRIGGER decisions_are_final;
ALTER TABLE decisions ADD COLUMN content_id INTEGER REFERENCES contents(id);
ALTER TABLE decisions ADD COLUMN quad TEXT;
ALTER TABLE decisions ADD COLUMN seen TEXT NOT NULL DEFAULT 'field';
UPDATE decisions SET (content_id, quad) = (
  SELECT CASE WHEN f.page_id IS NULL THEN (SELECT content_id FROM content_hashes WHERE hash = 'file:' || s.sha256) ELSE p.content_id END, f.quad
    FROM fields f JOIN sources s ON s.id = f.source_id LEFT JOIN pages p ON p.id = f.page_id WHERE f.id = decisions.field_id);
-- What was decided together was shown as tiles where it was few enough to be looked at, and not at all where it was more.
UPDATE decisions SET seen = CASE
  WHEN id IN (SELECT decision_id FROM blind_decisions) THEN 'blind'
  WHEN origin = 'rule' OR (SELECT size FROM actions WHERE actions.id = action_id) > 200 THEN 'unseen'
  WHEN (SELECT size FROM actions WHERE actions.id = action_id) > 1 THEN 'tile' ELSE 'field' END;
CREATE TRIGGER decisions_are_final BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
DROP TABLE blind_decisions;

-- Decisions from before, on files that had changed at some time: nobody knows on which of their contents.
CREATE TABLE doubts (decision_id INTEGER PRIMARY KEY REFERENCES decisions(id)) STRICT;
INSERT INTO doubts (decision_id)
  SELECT d.id FROM decisions d JOIN fields f ON f.id = d.field_id JOIN sources s ON s.id = f.source_id
    WHERE s.changed = 1 AND d.kind <> 'undone';

-- Decisions whose ink the field's box does not cover any more, since a person or a template moved it; share: of the ink, 0 to 1.
CREATE TABLE uncovered (decision_id INTEGER PRIMARY KEY REFERENCES decisions(id), share REAL NOT NULL) STRICT;

-- Fields whose decision an import opened again.
CREATE TABLE reopenings (
  run_id INTEGER NOT NULL REFERENCES runs(id), field_id INTEGER NOT NULL REFERENCES fields(id),
  PRIMARY KEY (run_id, field_id)) STRICT, WITHOUT ROWID;

-- The part of a split that a content is in, for good. split: its shares, as in 70/15/15.
CREATE TABLE split_parts (
  split TEXT NOT NULL, content_id INTEGER NOT NULL REFERENCES contents(id), part TEXT NOT NULL,
  PRIMARY KEY (split, content_id)) STRICT, WITHOUT ROWID;

-- former: the file at its place is another one now, and what it shows lies nowhere that is known. changed goes: see above.
CREATE TABLE sources_with_contents (
  id INTEGER PRIMARY KEY, root_id INTEGER NOT NULL REFERENCES roots(id), path TEXT NOT NULL,
  size INTEGER NOT NULL, modified_ms REAL NOT NULL, sha256 TEXT, format TEXT,
  status TEXT NOT NULL CHECK (status IN ('ok','failed','missing')), reason TEXT,
  run_id INTEGER NOT NULL REFERENCES runs(id), added_at TEXT NOT NULL,
  as_pages INTEGER NOT NULL DEFAULT 0 CHECK (as_pages IN (0, 1)),
  former INTEGER NOT NULL DEFAULT 0 CHECK (former IN (0, 1)), content_id INTEGER REFERENCES contents(id),
  -- when the file system last noted a change of it (ctime), as it was when it was hashed: a time that programs can't set
  changed_ms REAL) STRICT;
INSERT INTO sources_with_contents (id, root_id, path, size, modified_ms, sha256, format, status, reason, run_id, added_at, as_pages, content_id)
  SELECT id, root_id, path, size, modified_ms, sha256, format, status, reason, run_id, added_at, as_pages,
      CASE WHEN as_pages = 0 THEN (SELECT content_id FROM content_hashes WHERE hash = 'file:' || sha256) END
    FROM sources;
DROP TABLE sources;
ALTER TABLE sources_with_contents RENAME TO sources;
CREATE UNIQUE INDEX sources_by_place ON sources (root_id, path) WHERE former = 0;
CREATE INDEX sources_by_sha256 ON sources (sha256);
`
