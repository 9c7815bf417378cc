/**
 * Kinds of jobs, kinds of decisions and states are words of the program, which only it writes: the tables list them no more, so
 * that a new word needs no migration. The text of a table is changed and no row: the largest ones are not made anew.
 * See "Making other kinds of table schema changes" in SQLite's page on ALTER TABLE.
 */

const states = `'text','blank','illegible'`

const lists = [
  ['runs', `kind IN ('import','pages','recognise','relink','export')`],
  ['decisions', `kind IN ('accepted','corrected','blank','illegible','flagged','undone')`],
  ['fields', `status IN ('undecided','accepted','corrected','blank','illegible','flagged','failed')`],
  ['fields', `imported_state IN (${states})`],
  ['labels', `state IN (${states})`]
] as const

const withoutList = ([table, list]: (typeof lists)[number]): string =>
  `UPDATE sqlite_schema SET sql = replace(sql, ' CHECK (${list.replaceAll(`'`, `''`)})', '') WHERE type = 'table' AND name = '${table}';`

const counted = (row: 'old' | 'new', count: 1 | -1): string => `
  INSERT INTO tallies (status, differs, read, count) VALUES (${row}.status, ${row}.differs, ${row}.reading_id IS NOT NULL, ${count})
    ON CONFLICT DO UPDATE SET count = count + excluded.count;`

export const sql = /* sql */ `
PRAGMA writable_schema = ON;
${lists.map(withoutList).join('\n')}
PRAGMA writable_schema = RESET;

-- A state that is seen for the first time gets its tally then.
DROP TRIGGER fields_added;
DROP TRIGGER fields_removed;
DROP TRIGGER fields_moved;
CREATE TRIGGER fields_added AFTER INSERT ON fields BEGIN ${counted('new', 1)}
END;
CREATE TRIGGER fields_removed AFTER DELETE ON fields BEGIN ${counted('old', -1)}
END;
CREATE TRIGGER fields_moved AFTER UPDATE OF status, differs, reading_id ON fields
  WHEN old.status <> new.status OR old.differs <> new.differs OR (old.reading_id IS NULL) <> (new.reading_id IS NULL) BEGIN
  ${counted('old', -1)}${counted('new', 1)}
END;
`
