import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { barsModel, writeBars } from '../fixtures/bars'
import { createCommandLine, installModels, type CommandLine } from '../fixtures/cli'

let line: CommandLine
beforeAll(async () => void (line = await createCommandLine()))
afterAll(() => line.remove())

const inWork = (...names: string[]): string => join(line.folder, ...names)
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

it('takes crops with the readings that were made elsewhere, and reads nothing itself', async () => {
  installModels(inWork('more'), 'bars-one')
  const { hash } = await barsModel('bars-one')
  await writeBars(inWork('brought', 'crops', 'a.png'), 'ABC')
  await writeBars(inWork('brought', 'crops', 'b.png'), 'CB')
  const said = { alternatives: [], spans: [{ text: 'X', confidence: 0.7, start: 0, end: 8 }], model: hash }
  const rows = [
    { sha256: sha256(inWork('brought', 'crops', 'a.png')), text: 'ELSEWHERE', confidence: 0.75, ...said },
    { sha256: '0'.repeat(64), text: 'GONE', confidence: 0.5, ...said }
  ]
  writeFileSync(inWork('brought', 'readings.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const imported = await line.run(
    'import',
    inWork('project'),
    '--readings',
    inWork('brought'),
    '--models',
    inWork('more'),
    '--json'
  )
  expect(imported.json()).toMatchObject({ files: 2, added: 2, readings: { stored: 1, without: 1 } })
  const csv = inWork('all.csv')
  await line.run('export', inWork('project'), '--format', 'full', '--rows', 'all', '--out', csv)
  const exported = parse(readFileSync(csv), { columns: true }) as Record<string, string>[]
  expect(exported.map(({ reading }) => reading)).toEqual(['ELSEWHERE', ''])
  expect(Number(exported[0]!.confidence)).toBe(0.75)
})

it('says which line is wrong, and that a model is missing', async () => {
  await writeBars(inWork('wrong', 'a.png'), 'ABC')
  const row = {
    sha256: sha256(inWork('wrong', 'a.png')),
    text: 'A',
    confidence: 2,
    alternatives: [],
    spans: [],
    model: 'm'
  }
  writeFileSync(inWork('wrong', 'readings.jsonl'), `${JSON.stringify(row)}\n`)
  const refused = await line.run('import', inWork('other'), '--readings', inWork('wrong'))
  expect(refused.code).not.toBe(0)
  expect(refused.stderr).toMatch(/readings\.jsonl, line 1: confidence/)
  writeFileSync(inWork('wrong', 'readings.jsonl'), `${JSON.stringify({ ...row, confidence: 1 })}\n`)
  expect((await line.run('import', inWork('other'), '--readings', inWork('wrong'))).stderr).toMatch(
    /not installed here/
  )
})
