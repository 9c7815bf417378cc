/**
 * Several reviewers on one project. A lease says who works on a field until when; second keys are what another person
 * (or the same one, later) read blind, with the decision they are compared to. Second keys are append-only: the latest of
 * a field in a round counts.
 */
export const sql = /* sql */ `
CREATE TABLE leases (
  field_id INTEGER PRIMARY KEY REFERENCES fields(id), reviewer TEXT NOT NULL,
  -- the window's own name: one person's two windows are told apart
  window TEXT NOT NULL,
  -- ms since 1970
  until INTEGER NOT NULL) STRICT;
CREATE INDEX leases_by_window ON leases (window);

CREATE TABLE rounds (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, started_by TEXT NOT NULL, started_at TEXT NOT NULL,
  -- how its fields were drawn, as JSON
  parameters TEXT NOT NULL, closed_at TEXT) STRICT;

CREATE TABLE round_fields (
  round_id INTEGER NOT NULL REFERENCES rounds(id), field_id INTEGER NOT NULL REFERENCES fields(id),
  -- what was decided when the round was drawn: what the second key is compared to
  decision_id INTEGER NOT NULL REFERENCES decisions(id), position INTEGER NOT NULL,
  PRIMARY KEY (round_id, field_id)) STRICT, WITHOUT ROWID;

CREATE TABLE second_keys (
  id INTEGER PRIMARY KEY, round_id INTEGER NOT NULL, field_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('text','blank','illegible')), text TEXT, reviewer TEXT NOT NULL, at TEXT NOT NULL,
  request TEXT UNIQUE, FOREIGN KEY (round_id, field_id) REFERENCES round_fields (round_id, field_id)) STRICT;
CREATE INDEX second_keys_by_field ON second_keys (round_id, field_id, id);
CREATE TRIGGER second_keys_are_kept BEFORE DELETE ON second_keys BEGIN SELECT RAISE(ABORT, 'second keys are append-only'); END;
CREATE TRIGGER second_keys_are_final BEFORE UPDATE ON second_keys BEGIN SELECT RAISE(ABORT, 'second keys are append-only'); END;

-- What a third look settled where the two differed: the decision that was made of it.
CREATE TABLE adjudications (
  id INTEGER PRIMARY KEY, second_key_id INTEGER NOT NULL UNIQUE REFERENCES second_keys(id),
  kind TEXT NOT NULL CHECK (kind IN ('text','blank','illegible')), text TEXT,
  action_id INTEGER REFERENCES actions(id), reviewer TEXT NOT NULL, at TEXT NOT NULL) STRICT;
`
