/**
 * How fields came before a person, of those where it matters: at random, whatever the reader thought of them, or in a table of
 * decisions. They alone may become judges; what was read in a random one before the person looked says how good the reader is. The
 * model that a sample was drawn under, since another generation makes it outdated.
 */
export const sql = /* sql */ `
CREATE TABLE arrivals (
  image_id INTEGER PRIMARY KEY REFERENCES images(id),
  -- the first on it that came so
  decision_id INTEGER NOT NULL REFERENCES decisions(id),
  came TEXT NOT NULL CHECK (came IN ('random','table')),
  -- as it was read then, and by which model; null where it was not read
  model_id INTEGER REFERENCES models(id), read TEXT) STRICT;
CREATE INDEX arrivals_by_decision ON arrivals (decision_id, came);
CREATE INDEX draws_by_draw ON draws (draw, image_id);

ALTER TABLE samples ADD COLUMN model_id INTEGER REFERENCES models(id);
`
