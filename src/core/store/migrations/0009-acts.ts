/**
 * Acts as they are carried out: the name a window gives an act is its reviewer's own, an act says at any time how many decisions
 * it has made and whether it is whole, and a turned picture is an act like any other, which undo takes back.
 */
export const sql = /* sql */ `
CREATE TABLE actions_anew (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('decide','rotate','undo','redo')),
  target_id INTEGER REFERENCES actions(id), below_id INTEGER REFERENCES actions(id), other_id INTEGER REFERENCES actions(id),
  -- how many decisions it has made or voided, and how many it left since somebody had decided meanwhile; both grow until it is whole
  size INTEGER NOT NULL DEFAULT 0, left_alone INTEGER NOT NULL DEFAULT 0,
  -- 0: under way, or cut off
  whole INTEGER NOT NULL DEFAULT 1 CHECK (whole IN (0, 1)),
  -- of several accepted as they are: those whose label and reading differ are left
  only_agreeing INTEGER NOT NULL DEFAULT 0 CHECK (only_agreeing IN (0, 1)),
  reviewer TEXT NOT NULL, at TEXT NOT NULL,
  -- the window's own name for the act, so that one whose reply was lost and that is sent again is done once
  request TEXT, UNIQUE (reviewer, request)) STRICT;
INSERT INTO actions_anew (id, kind, target_id, below_id, other_id, size, reviewer, at, request)
  SELECT id, kind, target_id, below_id, other_id,
    -- one that was cut off said how many it had planned
    (SELECT count(*) FROM decisions WHERE action_id = actions.id), reviewer, at, request FROM actions;
DROP TABLE actions;
ALTER TABLE actions_anew RENAME TO actions;
CREATE INDEX actions_by_reviewer ON actions (reviewer, id);
CREATE INDEX actions_by_time ON actions (reviewer, at, kind, size);
CREATE INDEX actions_by_target ON actions (target_id) WHERE target_id IS NOT NULL;
CREATE INDEX actions_not_whole ON actions (id) WHERE whole = 0;
CREATE TRIGGER actions_are_kept BEFORE DELETE ON actions BEGIN SELECT RAISE(ABORT, 'actions are append-only'); END;
CREATE TRIGGER actions_are_final BEFORE UPDATE ON actions
  WHEN old.whole = 1 OR old.id IS NOT new.id OR old.kind IS NOT new.kind OR old.target_id IS NOT new.target_id
    OR old.below_id IS NOT new.below_id OR old.other_id IS NOT new.other_id OR old.only_agreeing IS NOT new.only_agreeing
    OR old.reviewer IS NOT new.reviewer OR old.at IS NOT new.at OR old.request IS NOT new.request
  BEGIN SELECT RAISE(ABORT, 'actions are append-only'); END;

-- The act that turned it, and how it lay before; null in those from before this.
ALTER TABLE rotations ADD COLUMN action_id INTEGER REFERENCES actions(id);
ALTER TABLE rotations ADD COLUMN turns_before INTEGER;
CREATE INDEX rotations_by_action ON rotations (action_id) WHERE action_id IS NOT NULL;

CREATE TABLE rules_anew (
  id INTEGER PRIMARY KEY, action_id INTEGER NOT NULL REFERENCES actions(id), sample_id INTEGER NOT NULL REFERENCES samples(id),
  promise REAL NOT NULL, threshold REAL NOT NULL, accuracy REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('applying','applied','undone','broken')), reviewer TEXT NOT NULL, applied_at TEXT NOT NULL,
  request TEXT, UNIQUE (reviewer, request)) STRICT;
INSERT INTO rules_anew SELECT * FROM rules;
DROP TABLE rules;
ALTER TABLE rules_anew RENAME TO rules;

CREATE TABLE second_keys_anew (
  id INTEGER PRIMARY KEY, round_id INTEGER NOT NULL, field_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('text','blank','illegible')), text TEXT, reviewer TEXT NOT NULL, at TEXT NOT NULL,
  request TEXT, UNIQUE (reviewer, request), FOREIGN KEY (round_id, field_id) REFERENCES round_fields (round_id, field_id)) STRICT;
INSERT INTO second_keys_anew SELECT * FROM second_keys;
DROP TABLE second_keys;
ALTER TABLE second_keys_anew RENAME TO second_keys;
CREATE INDEX second_keys_by_field ON second_keys (round_id, field_id, id);
CREATE TRIGGER second_keys_are_kept BEFORE DELETE ON second_keys BEGIN SELECT RAISE(ABORT, 'second keys are append-only'); END;
CREATE TRIGGER second_keys_are_final BEFORE UPDATE ON second_keys BEGIN SELECT RAISE(ABORT, 'second keys are append-only'); END;
`
