import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeBars } from '../fixtures/bars'
import { createCommandLine, type CommandLine } from '../fixtures/cli'

let line: CommandLine
const inWork = (...parts: string[]): string => join(line.folder, ...parts)
beforeAll(async () => {
  line = await createCommandLine()
  mkdirSync(inWork('scans'))
  await writeBars(inWork('scans', 'one.png'), 'ABC')
  expect((await line.run('import', inWork('project'), inWork('scans'))).code).toBe(0)
})
afterAll(() => line.remove())

it('an export to no place is wrong usage', async () => {
  expect((await line.run('export', inWork('project'), '--out', '', '--json')).code).toBe(2)
})

it('an export of nothing says why there is nothing', async () => {
  const decided = await line.run('export', inWork('project'), '--out', inWork('decided.csv'), '--json')
  expect([decided.code, decided.json(), decided.stderr]).toEqual([
    0,
    expect.objectContaining({ rows: 0 }),
    expect.stringMatching(/No field is decided yet.*--rows all/)
  ])
})

it('a provider that cannot be used here is named with the reason, not passed over in silence', async () => {
  const [id, label] = process.platform === 'win32' ? ['coreml', 'CoreML'] : ['directml', 'DirectML']
  const ran = await line.run('recognise', inWork('project'), '--provider', id, '--json')
  expect(ran.json()).toMatchObject({
    provider: 'cpu',
    read: 1,
    note: expect.stringMatching(`^${label} can’t be used here, so .*CPU`)
  })
})

it('evaluating against one column, or against what is no table, is refused by name', async () => {
  writeFileSync(inWork('one.csv'), 'file\none.png\n')
  writeFileSync(inWork('book.csv'), 'PK\x03\x04')
  for (const [labels, message] of [
    ['one.csv', /one\.csv needs a column of file names and another of texts/],
    ['book.csv', /book\.csv is a spreadsheet/]
  ] as const) {
    const ran = await line.run('evaluate', '--images', inWork('scans'), '--labels', inWork(labels), '--json')
    expect(ran.code).toBe(1)
    expect(ran.json<{ error: { message: string } }>().error.message).toMatch(message)
  }
})

it('a project of a path with .. and a slash at its end is the one it leads to', async () => {
  const roundabout = `${inWork('scans')}/../project/`
  expect((await line.run('status', roundabout, '--json')).json()).toMatchObject({
    name: 'project',
    counts: { total: 1 }
  })
  expect(existsSync(inWork('scans', 'nomina.db'))).toBe(false)
})
