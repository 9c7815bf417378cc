/** A training export of a project that has learnt leaves no judge out, and says which they are. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'csv-parse/sync'
import { previewExport, writeExport } from '../../src/core/export'
import { decide } from '../../src/core/review'
import { immediate, type Database } from '../../src/core/store'
import type { ExportOptions } from '../../src/shared/domain'
import { project, temporaryFolder, type TestField } from '../fixtures/small-project'
import { plainExport } from '../fixtures/plain-export'

const options: Omit<ExportOptions, 'out'> = {
  format: 'training',
  rows: 'decided',
  ...plainExport,
  overwrite: false,
  stale: true
}
const split = { train: 50, validation: 25, test: 25 }

/** 100 fields that came at random; the first 70 are drawn to judge, and 101 shows what the first does. */
function judged({ learnt = true, drawn = 70 } = {}): Database {
  const twin: TestField = { reading: 'NAME', path: 'twin.png', sha256: String(1).padStart(64, '0') }
  const db = project([...Array.from({ length: 100 }, (): TestField => ({ reading: 'NAME' })), twin])
  db.exec(`UPDATE draws SET draw = CASE WHEN image_id <= ${drawn} THEN image_id ELSE 500 END`)
  immediate(db, () => {
    for (let id = 1; id <= 101; id++) decide(db, { ids: [id], kind: 'accepted', reviewer: 'Ada', random: id <= 100 })
  })
  if (learnt)
    db.exec(`INSERT INTO generations (number, reader_id, base_id, model_id, file, taken, reason, trained_on, self_training, decided,
      judges, learnt, dropped, epochs, seconds, made_at) VALUES (1, 1, 1, 1, 'x', 1, 'better', 1, 0, 1, '{}', '[]', '{}', 1, 1, 'now')`)
  return db
}

const namesIn = (path: string): string[] =>
  (parse(readFileSync(path), { columns: true }) as { FILENAME: string }[]).map(({ FILENAME }) => FILENAME)

test('a split has them in a part of their own, twins with them', async () => {
  const db = judged()
  const out = temporaryFolder()
  const preview = await previewExport(db, { ...options, out, split })
  expect(preview.files.map(({ path }) => path.slice(out.length + 1))).toEqual([
    'train.csv',
    'validation.csv',
    'test.csv',
    'judges.csv'
  ])
  expect(preview.files[3]!.rows).toBe(71)
  expect(preview.rows).toBe(101)
  const written = await writeExport(db, { ...options, out, split })
  expect(written.rows).toBe(101)
  const [train, validation, last, judges] = written.files.map(namesIn) as [string[], string[], string[], string[]]
  expect(new Set(judges)).toEqual(new Set([...Array.from({ length: 70 }, (_, at) => `name-${at + 1}.png`), 'twin.png']))
  expect([...train, ...validation, ...last]).toHaveLength(30)
})

test('one file has them among the others, and says so', async () => {
  const db = judged()
  const out = join(temporaryFolder(), 'labels.csv')
  const preview = await previewExport(db, { ...options, out })
  expect(preview.notes.join()).toMatch(/never learn from: 71\./)
  let told: string[] = []
  await writeExport(db, { ...options, out }, { onScans: ({ notes }) => void (told = notes) })
  expect(told).toEqual(expect.arrayContaining([expect.stringMatching(/: 71\./)]))
  expect(namesIn(out)).toHaveLength(101)
})

test.each([
  ['has learnt nothing', { learnt: false }],
  ['has too few to set any apart', { drawn: 50 }]
])('a project that %s names none', async (_, of) => {
  const db = judged(of)
  const out = temporaryFolder()
  expect((await previewExport(db, { ...options, out, split })).files).toHaveLength(3)
  expect((await previewExport(db, { ...options, out })).notes.join()).not.toMatch(/never learn from/)
})

test('an export that nobody trains on names none', async () => {
  const out = temporaryFolder()
  const preview = await previewExport(judged(), { ...options, format: 'full', out, split })
  expect(preview.files).toHaveLength(3)
})
