/** What keys do follows what is written in a project, never the generation that reads it just now. */
import { describe, expect, test } from 'vitest'
import { complete } from '../../src/core/lexicon/complete'
import { decide, typingOf } from '../../src/core/review'
import { setSetting, type Database } from '../../src/core/store'
import { capitals, project, type TestField } from '../fixtures/small-project'

const reviewer = 'Ada'
const fields = (count: number, more: TestField = {}): TestField[] =>
  Array.from({ length: count }, () => ({ reading: 'ANNA', ...more }))

/** A generation of the project's reader that has learnt a digit and a small letter. */
function learn(db: Database): void {
  db.prepare(
    `INSERT INTO models (id, hash, name, title, manifest, seen_at, reader_id) SELECT 2, 'two', 'caps-1', 'Two', ?, seen_at, 1 FROM models`
  ).run(JSON.stringify({ id: 'caps-1', charset: [...capitals, '2', 'e'] }))
  setSetting(db, 'currentModel', 2)
  db.exec('UPDATE readings SET model_id = 2')
}

const correct = (db: Database, ids: number[], text: string): void =>
  ids.forEach((id) => void decide(db, { ids: [id], kind: 'corrected', text, reviewer }))
const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

describe('what keys do', () => {
  test('a generation that has learnt a digit changes nothing', () => {
    const db = project(fields(3))
    const before = typingOf(db, 1)
    expect(before).toEqual({ digits: false, someDigits: false, capitals: true })
    learn(db)
    expect(typingOf(db, 1)).toEqual(before)
  })

  test('a reader that writes digits leaves them to the text until the project shows that it has none', () => {
    const db = project(fields(30), { charset: [...capitals, 'a', '1', '2'] })
    expect(typingOf(db, 1)).toEqual({ digits: true, someDigits: true, capitals: false })
    correct(db, range(19), 'BERTHE')
    expect(typingOf(db, 1).digits).toBe(true)
    correct(db, [20], 'BERTHE')
    expect(typingOf(db, 1)).toMatchObject({ digits: false, someDigits: true })
    correct(db, [21, 22], 'RUE 12')
    expect(typingOf(db, 1).digits).toBe(true)
  })

  test('imported labels say it too, each for fields of its own name', () => {
    const db = project([...fields(20, { imported: '12 MAI' }), ...fields(20, { imported: 'ANNA' })])
    db.exec(`UPDATE fields SET name = CASE WHEN id <= 20 THEN 'date' ELSE 'name' END`)
    expect(typingOf(db, 1)).toMatchObject({ digits: true, someDigits: true })
    expect(typingOf(db, 30)).toMatchObject({ digits: false, someDigits: false })
    expect(() => typingOf(db, 99)).toThrow(/no field/)
  })

  test('a column follows the reader that it asks for, whatever generation of it reads', () => {
    const db = project(fields(2))
    db.prepare(
      `INSERT INTO models (id, hash, name, title, manifest, seen_at) SELECT 3, 'three', 'dates', 'Dates', ?, seen_at FROM models`
    ).run(JSON.stringify({ id: 'dates', charset: ['1', '2'] }))
    db.exec('UPDATE fields SET model_id = 3 WHERE id = 2')
    expect([typingOf(db, 1).digits, typingOf(db, 2).digits]).toEqual([false, true])
  })
})

test('completions of a list are written as before', async () => {
  const db = project(fields(1))
  db.exec(
    `INSERT INTO lexicons (id, name, kind, file, entries, total, enabled, imported_at) VALUES (1, 'Names', 'surname', 'x', 1, 1, 1, 'now')`
  )
  db.exec(`INSERT INTO lexicon_entries (lexicon_id, text, key, count) VALUES (1, 'Hélène', 'helene', 1)`)
  const texts = async (): Promise<string[]> =>
    (await complete(db, { id: 1, prefix: 'hel', limit: 3 })).map(({ text }) => text)
  expect(await texts()).toEqual(['HELENE'])
  learn(db)
  expect(await texts()).toEqual(['HELENE'])
})
