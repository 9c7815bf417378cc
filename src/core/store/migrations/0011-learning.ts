/**
 * What a project has learnt. A generation is a model of the project's own; its figures stay when its files go. `draws` is one random
 * number for each image, made when it comes in: it says which fields judge generations and which are learnt from.
 */
export const sql = /* sql */ `
-- Of a generation: the reader that it belongs to, whose other generations' readings stand in for its own until it has read.
ALTER TABLE models ADD COLUMN reader_id INTEGER REFERENCES models(id);

CREATE TABLE generations (
  id INTEGER PRIMARY KEY,
  -- counts from 1 for each reader
  number INTEGER NOT NULL, reader_id INTEGER NOT NULL REFERENCES models(id),
  -- what its weights began from
  base_id INTEGER NOT NULL REFERENCES models(id), model_id INTEGER NOT NULL UNIQUE REFERENCES models(id),
  -- its manifest, in the project's folder models/
  file TEXT NOT NULL,
  -- 0: kept and not used, since the judges did not say that it is better; and why, in a word of the learner
  taken INTEGER NOT NULL CHECK (taken IN (0, 1)), reason TEXT NOT NULL,
  -- what was learnt from: fields as decided, and undecided ones as they were read
  trained_on INTEGER NOT NULL, self_training INTEGER NOT NULL CHECK (self_training IN (0, 1)),
  -- fields that were decided when it was begun
  decided INTEGER NOT NULL,
  -- JSON of the learner: figures on the judges, characters that got better, rows left out by reason
  judges TEXT NOT NULL, learnt TEXT NOT NULL, dropped TEXT NOT NULL,
  epochs INTEGER NOT NULL, seconds REAL NOT NULL, run_id INTEGER REFERENCES runs(id), made_at TEXT NOT NULL,
  UNIQUE (reader_id, number)) STRICT;

-- A number from 0 to 999; fields with the same pixels share it.
CREATE TABLE draws (image_id INTEGER PRIMARY KEY REFERENCES images(id), draw INTEGER NOT NULL) STRICT;
INSERT INTO draws (image_id, draw) SELECT id, abs(random() % 1000) FROM images;
CREATE TRIGGER images_drawn AFTER INSERT ON images BEGIN
  INSERT INTO draws (image_id, draw) VALUES (new.id, abs(random() % 1000));
END;
`
