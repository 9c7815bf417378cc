/** Which fields judge what a reader learns: those that came at random, one in ten by their draw, and what shows the same. */
import { expect, test } from 'vitest'
import { judgeOf, judgesAmong } from '../../src/core/learning/judges'
import { decide } from '../../src/core/review'
import { immediate, type Database } from '../../src/core/store'
import { decidedToLearn, undecidedToLearn, type Taught } from '../../src/core/store/generations'
import { project, type TestField } from '../fixtures/small-project'

const reviewer = 'Ada'

/** 200 fields; 1 to 120 have the draws 0 to 119, the others 500. */
function drawn(more: TestField[] = []): Database {
  const db = project([...Array.from({ length: 200 }, (): TestField => ({ reading: 'NAME' })), ...more])
  db.exec('UPDATE draws SET draw = CASE WHEN image_id <= 120 THEN image_id - 1 ELSE 500 END')
  return db
}

function say(db: Database, ids: number[], how: { random?: boolean; table?: boolean } = {}): void {
  immediate(db, () => {
    for (const id of ids) decide(db, { ids: [id], kind: 'accepted', reviewer, ...how })
  })
}
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at)

function parts(db: Database): Map<number, string> {
  const decided = decidedToLearn(db, null)
  const judges = judgesAmong(decided)
  return new Map(decided.map((field) => [field.fieldId, judgeOf(judges, field) ?? 'train']))
}
const those = (db: Database, part: string): number[] =>
  [...parts(db)].flatMap(([id, own]) => (own === part ? [id] : [])).sort((a, b) => a - b)

test('fields that came at random judge by their draw, others never do', () => {
  const db = drawn()
  say(db, range(1, 30))
  say(db, range(31, 120), { random: true })
  say(db, range(130, 150))
  expect(those(db, 'choose')).toEqual(range(31, 50))
  expect(those(db, 'judge')).toEqual(range(51, 100))
  expect(those(db, 'train')).toEqual([...range(1, 30), ...range(101, 120), ...range(130, 150)])
})

test('those of a table, which has no queue, judge by their draw too', () => {
  const db = drawn()
  say(db, range(1, 120), { table: true })
  expect(those(db, 'choose')).toEqual(range(1, 50))
  expect(those(db, 'judge')).toEqual(range(51, 100))
})

test('under sixty none is set apart', () => {
  const db = drawn()
  say(db, range(1, 59), { random: true })
  expect(those(db, 'train')).toEqual(range(1, 59))
  say(db, [60], { random: true })
  expect(those(db, 'train')).toEqual([])
})

test('a judge stays one where it is decided again in another way', () => {
  const db = drawn()
  say(db, range(1, 70), { random: true })
  say(db, range(150, 160))
  decide(db, { ids: [7], kind: 'corrected', text: 'ANOTHER', reviewer })
  expect(parts(db).get(7)).toBe('choose')
})

test('what shows the same is no part of what is learnt from, decided or only read, however it lies', () => {
  const twin = (of: number): TestField => ({
    reading: 'NAME',
    path: `twin-${of}.png`,
    sha256: String(of).padStart(64, '0')
  })
  const db = drawn([twin(55), twin(56), twin(57), { reading: 'NAME' }])
  // 202 is turned, 204 the same picture in other bytes as 58.
  db.exec(`
    INSERT INTO images (sha256, page, rotation, width, height) SELECT sha256, page, 1, 48, 320 FROM images WHERE id = 56;
    UPDATE fields SET rotation = 1, image_id = (SELECT max(id) FROM images) WHERE id = 202;
    UPDATE draws SET draw = 700 WHERE image_id > 200;
    INSERT INTO contents (id) VALUES (1);
    UPDATE sources SET content_id = 1 WHERE id IN (SELECT source_id FROM fields WHERE id IN (58, 204))`)
  say(db, range(1, 70), { random: true })
  say(db, [201, 202, 204, 190])
  expect(those(db, 'train')).toEqual([190])
  const judges = judgesAmong(decidedToLearn(db, null))
  const read = undecidedToLearn(db, null, 500).map((field): [number, boolean] => [
    field.fieldId,
    judgeOf(judges, field) === null
  ])
  expect(read.filter(([, free]) => !free).map(([id]) => id)).toEqual([])
  expect(read.map(([id]) => id)).not.toContain(203)
  db.exec("UPDATE fields SET status = 'undecided', decision_id = NULL WHERE id = 202")
  const turned = undecidedToLearn(db, null, 500).find(({ fieldId }) => fieldId === 202) as Taught
  expect(judgeOf(judges, turned)).toBe('judge')
})
