/** Decisions from a table, through the command line. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RowOutcome } from '../../src/core/review'
import { writeBars } from '../fixtures/bars'
import { createCommandLine, type CommandLine } from '../fixtures/cli'

interface Decided {
  decided: number
  same: number
  refused: number
  rows: RowOutcome[]
}

let line: CommandLine
const inWork = (...parts: string[]): string => join(line.folder, ...parts)

beforeAll(async () => {
  line = await createCommandLine()
  mkdirSync(inWork('scans', 'b'), { recursive: true })
  for (const name of ['1.png', '2.png', '3.png', 'b/1.png']) await writeBars(inWork('scans', name), 'ABC')
  expect((await line.run('import', inWork('project'), inWork('scans'), '--json')).code).toBe(0)
})
afterAll(() => line.remove())

async function decide(table: string, ...options: string[]): Promise<Decided> {
  writeFileSync(inWork('table.csv'), table)
  const ran = await line.run('decide', inWork('project'), '--from', inWork('table.csv'), ...options, '--json')
  return ran.json<Decided>()
}

async function exported(): Promise<string[]> {
  const ran = await line.run(
    'export',
    inWork('project'),
    '--format',
    'full',
    '--out',
    inWork('out.csv'),
    '--force',
    '--json'
  )
  expect(ran.code).toBe(0)
  return readFileSync(inWork('out.csv'), 'utf8').trim().split(/\r?\n/)
}

test('each row is a decision, tidied as one that is typed, by whom it names; the table again changes nothing', async () => {
  const table =
    'file,page,field,text,state,reviewer\n1.png,1,,  Ana  Lopez ,,Kim\n2.png,,,,blank,\nb/1.png,1,,AB,text,\n'
  expect(await decide(table, '--reviewer', 'Script')).toMatchObject({ decided: 3, same: 0, refused: 0 })
  const [header, ...rows] = await exported()
  const of = (file: string, column: string): string =>
    rows.map((row) => row.split(','))!.find(([name]) => name === file)![header!.split(',').indexOf(column)]!
  expect(of('1.png', 'text')).toBe('Ana Lopez')
  expect([of('1.png', 'reviewer'), of('2.png', 'reviewer')]).toEqual(['Kim', 'Script'])
  expect(of('2.png', 'status')).toBe('blank')
  expect(await decide(table, '--reviewer', 'Script')).toMatchObject({ decided: 0, same: 3, refused: 0 })
})

test('a row that cannot be used is refused with line and reason, and the others are taken', async () => {
  const table = [
    'file,page,field,text,state,reviewer',
    'gone.png,1,,A,,',
    '3.png,0,,A,,',
    '3.png,1,surname,A,,',
    '3.png,1,,,,',
    '3.png,1,,A,perhaps,',
    '3.png,1,,BA,,'
  ].join('\n')
  const { decided, rows } = await decide(table)
  expect(decided).toBe(1)
  expect(rows.map(({ line: at, outcome }) => [at, outcome])).toEqual([
    [2, 'refused'],
    [3, 'refused'],
    [4, 'refused'],
    [5, 'refused'],
    [6, 'refused'],
    [7, 'decided']
  ])
  for (const { reason } of rows.slice(0, 5)) expect(reason).toMatch(/\w/)
})

test('what a person decided otherwise is left, told with both, and decided anew only where that is asked for', async () => {
  const of = (text: string, ...options: string[]): Promise<Decided> =>
    decide(`file,text,reviewer\nb/1.png,${text},Lou\n`, ...options)
  expect(await of('MINE', '--replace')).toMatchObject({ decided: 1 })
  const { decided, refused, rows } = await of('OLDER')
  expect([decided, refused]).toEqual([0, 1])
  expect(rows[0]!.reason).toMatch(/decided otherwise: “MINE”, by Lou/)
  expect((await exported()).join('\n')).toContain('MINE')
  expect(await of('NEWER', '--replace')).toMatchObject({ decided: 1, refused: 0 })
})

test('a table without its column, or no table at all, is refused as a whole', async () => {
  for (const table of ['name,text\na,b\n', '"open']) {
    writeFileSync(inWork('bad.csv'), table)
    const ran = await line.run('decide', inWork('project'), '--from', inWork('bad.csv'), '--json')
    expect(ran.code).toBe(1)
    expect(ran.json<{ error: { code: string } }>().error.code).toBe('invalid-input')
  }
})

test('a table that is not there is said to be that', async () => {
  const ran = await line.run('decide', inWork('project'), '--from', inWork('missing.csv'), '--json')
  expect(ran.code).toBe(1)
  expect(ran.json<{ error: unknown }>().error).toMatchObject({
    code: 'not-found',
    message: `There is no file ${inWork('missing.csv')}.`
  })
})

test.each([
  ['', 'has no rows'],
  ['file,text\n', 'has no rows'],
  ['FILENAME,IDENTITY\n1.png,ANA\n', 'nomina export --format decisions']
])('a table without a decision in it is refused: %j', async (table, reason) => {
  writeFileSync(inWork('none.csv'), table)
  const ran = await line.run('decide', inWork('project'), '--from', inWork('none.csv'), '--json')
  expect(ran.code).toBe(1)
  expect(ran.json<{ error: { message: string } }>().error.message).toContain(reason)
})

test('the word for a state says the state, as in a table of labels, and no text; the table again changes nothing', async () => {
  const table = 'file,text,state\n1.png,EMPTY,\n2.png,unreadable,text\n'
  expect(await decide(table, '--replace')).toMatchObject({ decided: 2, refused: 0 })
  const rows = (await exported()).map((row) => row.split(','))
  const status = rows[0]!.indexOf('status')
  expect(rows.filter(([file]) => file === '1.png' || file === '2.png').map((row) => row[status])).toEqual([
    'blank',
    'illegible'
  ])
  expect(await decide(table)).toMatchObject({ decided: 0, same: 2, refused: 0 })
})

test('a row that is blank or illegible and has a text is refused: nobody knows which of the two it means', async () => {
  const { rows } = await decide('file,text,state\n3.png,ANA,illegible\n3.png,ANA,blank\n', '--replace')
  expect(rows.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ['refused', 'It is illegible and has a text: only one of the two can be so.'],
    ['refused', 'It is blank and has a text: only one of the two can be so.']
  ])
})

test('what an export of decisions holds another copy takes: who, text, blank and illegible', async () => {
  await decide('file,text,state\n1.png,Ana Lopez,\n2.png,,blank\n3.png,,illegible\n', '--reviewer', 'Kim', '--replace')
  // Asked for all rows, it still holds no reading that nobody decided on.
  for (const rows of ['decided', 'all']) {
    const ran = await line.run(
      ...['export', inWork('project'), '--format', 'decisions', '--rows', rows],
      ...['--out', inWork('decisions.csv'), '--force']
    )
    expect(ran.code).toBe(0)
    const table = readFileSync(inWork('decisions.csv'), 'utf8')
    expect(table).toContain('1.png,1,,Ana Lopez,text,Kim\n2.png,1,,,blank,Kim\n3.png,1,,,illegible,Kim\n')
    expect(
      table
        .trim()
        .split('\n')
        .every((row, index) => index === 0 || row.split(',')[5] !== '')
    ).toBe(true)
    const { decided, refused } = await decide(table)
    expect([decided, refused]).toEqual([0, 0])
  }
})
