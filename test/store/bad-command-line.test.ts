/** Whole commands, each a process of its own with its engine beside it, under what machines do to them. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { writeBars } from '../fixtures/bars'
import { createCommandLine, installModels, type CommandLine } from '../fixtures/cli'
import { bundleProgram, startProgram, type RunningProgram } from '../fixtures/program'

const fieldCount = 600
let line: CommandLine
let program = ''
let scans = ''
const inWork = (...parts: string[]): string => join(line.folder, ...parts)

beforeAll(async () => {
  line = await createCommandLine()
  program = await bundleProgram('command-line')
  vi.stubEnv('NOMINA_TEST_SETTINGS', JSON.stringify(line.settings))
  scans = inWork('scans')
  mkdirSync(scans)
  for (let index = 0; index < fieldCount; index++) await writeBars(join(scans, `${index}.png`), textOf(index))
  writeFileSync(inWork('labels.csv'), ['file,text', ...Array.from({ length: fieldCount }, labelOf)].join('\n'))
})
afterAll(() => {
  vi.unstubAllEnvs()
  line.remove()
})

/** 600 different texts of A, B and C. */
const textOf = (index: number): string =>
  [...index.toString(3).padStart(6, '0')].map((digit) => 'ABC'[Number(digit)]!).join('')
const labelOf = (_: unknown, index: number): string => `${index}.png,${index % 7 ? textOf(index) : 'EMPTY'}`

const command = (...given: string[]): RunningProgram => startProgram(program, [...given, '--json'])

/** With a limit on the size of the files that it writes, in KiB. */
const limited = (kib: number, ...given: string[]): RunningProgram =>
  startProgram(program, [...given, '--json'], ['bash', '-c', `ulimit -f ${kib}; exec "$0" "$@"`, process.execPath])

const importing = (project: string): string[] => ['import', project, scans, '--labels', inWork('labels.csv')]

async function succeed(...given: string[]): Promise<void> {
  const { code, stderr } = await line.run(...given)
  expect(code, stderr).toBe(0)
}

/** Imports, reads and exports what is not done yet; returns the bytes of the full CSV. */
async function finish(project: string): Promise<string> {
  await succeed(...importing(project))
  await succeed('recognise', project)
  const out = `${project}.csv`
  await succeed('export', project, '--out', out, '--format', 'full', '--rows', 'all', '--force')
  return readFileSync(out, 'utf8')
}

const whole = (() => {
  let content: Promise<string> | null = null
  return () => (content ??= finish(inWork('whole')))
})()

function look<T>(project: string, sql: string): T {
  const db = new BetterSqlite3(join(project, 'nomina.db'))
  try {
    return db.prepare(sql).pluck().get() as T
  } finally {
    db.close()
  }
}
const isSound = (project: string): boolean => look(project, 'PRAGMA integrity_check') === 'ok'
const readings = (project: string): number => look(project, 'SELECT count(*) FROM readings')
const imported = (project: string): number => look(project, 'SELECT count(*) FROM fields')

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(3)
}

const childrenOf = (pid: number): number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child!)

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe.skipIf(process.platform === 'win32')('a disk that is full', () => {
  const full = {
    error: { code: 'disk-full', message: expect.stringMatching(/nomina\.db could not be written.*Free some space/) }
  }
  test('while images are taken in: said so, what was stored stays, and the rest follows', async () => {
    const project = inWork('full import')
    const run = limited(850, ...importing(project))
    expect(await run.ended).toBe(1)
    expect(run.lines.map((text) => JSON.parse(text) as unknown)).toEqual([full])
    expect(isSound(project)).toBe(true)
    expect(imported(project)).toBeLessThan(fieldCount)
    expect(await finish(project)).toBe(await whole())
  })

  test('while they are read', async () => {
    const project = inWork('full recognise')
    await succeed(...importing(project))
    const run = limited(600, 'recognise', project)
    expect(await run.ended).toBe(1)
    expect(run.lines.map((text) => JSON.parse(text) as unknown)).toEqual([full])
    expect(isSound(project)).toBe(true)
    expect(readings(project)).toBeLessThan(fieldCount)
    expect(await finish(project)).toBe(await whole())
  })
})

describe('a command that is killed', () => {
  test('while images are taken in: the next one ends as if nothing had been', async () => {
    const project = inWork('killed import')
    const run = command(...importing(project))
    await until(() => existsSync(join(project, 'nomina.db-wal')) && run.child.exitCode === null)
    await wait(30)
    run.child.kill('SIGKILL')
    expect(await run.ended).toBe('SIGKILL')
    expect(isSound(project)).toBe(true)
    expect(await finish(project)).toBe(await whole())
  })

  test('while they are read: its engine ends with it, and nothing is read twice or lost', async () => {
    const project = inWork('killed recognise')
    await succeed(...importing(project))
    const run = command('recognise', project)
    await until(() => readings(project) > 0)
    const engines = childrenOf(run.child.pid!)
    run.child.kill('SIGKILL')
    expect(await run.ended).toBe('SIGKILL')
    expect(engines).toHaveLength(1)
    await until(() => !engines.some(isThere))
    expect(isSound(project)).toBe(true)
    const before = readings(project)
    expect(before).toBeLessThan(fieldCount)
    expect((await line.run('recognise', project, '--json')).json()).toMatchObject({
      read: fieldCount - before,
      skipped: before
    })
    expect(await finish(project)).toBe(await whole())
  })
})

test('of two that import into one project at once, one says that the other is busy, and nothing is doubled', async () => {
  const project = inWork('two')
  const runs = [command(...importing(project)), command(...importing(project))]
  const codes = await Promise.all(runs.map((run) => run.ended))
  for (const [index, run] of runs.entries()) {
    const answer = JSON.parse(run.lines.join('\n')) as { error?: { code: string } }
    if (codes[index] === 0) expect(answer).toMatchObject({ files: fieldCount })
    else expect(answer.error?.code).toBe('busy')
  }
  expect(codes).toContain(0)
  expect(isSound(project)).toBe(true)
  expect(await finish(project)).toBe(await whole())
})

// Root may write everywhere: the command runs as another user, in a home of its own.
const nobody = { uid: 65534, gid: 65534 }
const canDrop = process.getuid?.() === 0 && spawnSync(process.execPath, ['-e', ''], nobody).status === 0
test.skipIf(!canDrop)(
  'projects, exports and homes that may not be written are named, and what can be read is',
  async () => {
    const open = mkdtempSync(join(tmpdir(), 'nomina-open-'))
    onTestFinished(() => rmSync(open, { recursive: true }))
    const [home, locked] = [join(open, 'home'), join(open, 'locked')]
    for (const folder of [home, locked]) mkdirSync(folder)
    for (const id of ['one', 'two', 'secret']) await writeBars(join(open, 'scans', `${id}.png`), 'ABC')
    await writeBars(join(open, 'scans', 'shut', 'three.png'), 'ABC')
    const models = installModels(join(open, 'models'), 'bars')
    for (const [path, mode] of [
      [open, 0o755],
      [locked, 0o755],
      [join(open, 'scans', 'secret.png'), 0o600]
    ] as const)
      chmodSync(path, mode)
    chmodSync(join(open, 'scans', 'shut'), 0o700)
    chownSync(home, nobody.uid, nobody.gid)
    const asNobody = (dataDir: string, ...given: string[]) => {
      const settings = { ...line.settings, dataDir, shippedModels: models }
      const env = { ...process.env, NOMINA_TEST_SETTINGS: JSON.stringify(settings) }
      const ran = spawnSync(process.execPath, [program, ...given, '--json'], {
        ...nobody,
        env,
        cwd: '/',
        encoding: 'utf8'
      })
      return { code: ran.status, answer: JSON.parse(ran.stdout) as unknown }
    }
    const refusal = (path: string) => ({
      code: 1,
      answer: { error: { code: 'refused', message: expect.stringContaining(path) } }
    })
    const project = join(home, 'project')
    expect(asNobody(home, 'import', project, join(open, 'scans'))).toMatchObject({
      code: 0,
      answer: {
        added: 3,
        failed: [{ file: 'secret.png', reason: expect.stringMatching(/^No permission/) }],
        unsupported: [{ file: 'shut', reason: expect.stringMatching(/^No permission/) }]
      }
    })
    expect(asNobody(home, 'import', join(locked, 'project'), join(open, 'scans'))).toMatchObject(refusal(locked))
    expect(asNobody(home, 'import', project, join(open, 'scans', 'shut'))).toMatchObject(refusal('shut'))
    expect(asNobody(locked, 'status', project)).toMatchObject(refusal(locked))
    const out = join(locked, 'names.csv')
    expect(asNobody(home, 'export', project, '--rows', 'all', '--out', out)).toMatchObject(refusal(out))
    expect(readdirSync(locked)).toEqual([])

    // Somebody else's project: to look at and to export, not to change.
    const theirs = join(open, 'theirs')
    expect((await line.run('import', theirs, join(open, 'scans'))).code).toBe(0)
    const before = readFileSync(join(theirs, 'nomina.db'))
    expect(asNobody(home, 'status', theirs)).toMatchObject({
      code: 0,
      answer: { readingOnly: expect.stringContaining(theirs), counts: { total: 4 } }
    })
    const exported = asNobody(home, 'export', theirs, '--rows', 'all', '--format', 'full', '--out', join(home, 'x.csv'))
    expect(exported).toMatchObject({ code: 0, answer: { rows: 4 } })
    expect(asNobody(home, 'recognise', theirs)).toMatchObject({
      code: 1,
      answer: { error: { code: 'read-only', message: expect.stringMatching(/reading only.*Nothing was changed/) } }
    })
    expect(readdirSync(theirs)).toEqual(['nomina.db'])
    expect(readFileSync(join(theirs, 'nomina.db')).equals(before)).toBe(true)
  }
)

test.skipIf(!existsSync('/dev/full'))('a home on a full disk costs the log, never the command', async () => {
  const project = inWork('log')
  await succeed(...importing(project))
  const day = new Date().toISOString().slice(0, 10)
  const dataDir = inWork('full home')
  mkdirSync(join(dataDir, 'logs'), { recursive: true })
  symlinkSync('/dev/full', join(dataDir, 'logs', `cli-${day}.log`))
  const env = { ...process.env, NOMINA_TEST_SETTINGS: JSON.stringify({ ...line.settings, dataDir }) }
  const ran = spawnSync(process.execPath, [program, 'status', project, '--json'], { env, encoding: 'utf8' })
  expect(ran.stderr).toBe('')
  expect(JSON.parse(ran.stdout)).toMatchObject({ counts: { total: fieldCount } })
  expect(ran.status).toBe(0)
})

test('names that look like markup, formulas, options or paths come out of an export as they went in', async () => {
  const names = [
    '=1+1.png',
    '<b>&amp;.png',
    '-rf.png',
    '😀 "é".png',
    "it's.png",
    'new\nline.png',
    '%41#?.png',
    'a..b/x.png'
  ]
  const folder = inWork('odd "names" 😀')
  for (const [index, name] of names.entries()) await writeBars(join(folder, name), textOf(index))
  const project = inWork('odd', '..', "odd 'project'\n😀")
  expect((await line.run('import', project, join(folder, 'a..b', '..'), '--recognise')).code).toBe(0)
  const out = inWork('odd=out 😀')
  const ran = await line.run('export', project, '--out', out, '--rows', 'all', '--crops', '--json')
  expect(ran.json()).toMatchObject({ rows: names.length, crops: names.length })
  const again = inWork('odd again')
  const labels = join(
    out,
    readdirSync(out).find((name) => name.endsWith('.csv'))!
  )
  const report = (await line.run('import', again, out, '--labels', labels, '--json')).json<{
    labels: { matched: number }
  }>()
  expect(report.labels.matched).toBe(names.length)
})
