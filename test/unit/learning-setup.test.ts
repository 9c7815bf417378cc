/** Setting the learner up, with programs that stand in for Python and uv. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SetupStatus } from '../../src/core/learning'
import { createCommandLine, type CommandLine } from '../fixtures/cli'
import { writeWheel } from '../../scripts/lib/wheel.mjs'

let line: CommandLine
const path = process.env.PATH
const inWork = (...parts: string[]): string => join(line.folder, ...parts)

beforeEach(async () => {
  line = await createCommandLine()
  process.env.PATH = inWork('bin')
  mkdirSync(inWork('bin'))
  const wheels = resolve(dirname(line.settings.enginePath), '..', 'learner')
  if (!existsSync(wheels)) writeWheel(resolve(import.meta.dirname, '../../training'), wheels)
})
afterEach(() => {
  process.env.PATH = path
  line.remove()
})

/** A program on PATH that writes down what it is asked, and answers as these lines of shell do. */
function program(name: string, body: string): string {
  const file = inWork('bin', name)
  writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> "${inWork('asked')}"\n${body}\n`)
  chmodSync(file, 0o755)
  return file
}

/** One that answers when it is looked at: version and modules (venv, ensurepip, torch, nomina_training). */
const python = (looked: string, otherwise = ''): string =>
  program(
    'python3',
    `case "$*" in
      *find_spec*) echo "${looked}" ;;
      *torch.__version__*) echo 2.13.0 ;;
      "-m venv "*) /bin/mkdir -p "$3/bin"; /bin/cp "$0" "$3/bin/python" ;;
      "-m pip "*) ${otherwise || ':'} ;;
    esac`
  )

const asked = (): string[] => readFileSync(inWork('asked'), 'utf8').trim().split('\n')
const fails = async (...given: string[]) => {
  const ran = await line.run('learning', 'setup', ...given, '--json')
  return ran.json<{ error: { code: string; message: string } }>().error
}

test('an environment of its own is made of a Python, and taken away again', async () => {
  python('3 12 1 1 0 0')
  const ran = await line.run('learning', 'setup', '--json')
  expect(ran.code, ran.stderr).toBe(0)
  const made = ran.json<SetupStatus>()
  expect(made).toMatchObject({ state: 'ready', torch: '2.13.0', problem: null })
  expect(made.command!.slice(1)).toEqual(['-m', 'nomina_training', 'learner'])
  expect(made.command![0]!.startsWith(line.settings.dataDir)).toBe(true)
  const installed = asked().filter((one) => one.includes('pip install'))
  expect(installed[0]).toMatch(/torch==2\.13\.0 .*nomina_training-.*\.whl/)
  expect(installed[1]).toMatch(/--no-deps --force-reinstall/)
  expect((await line.run('learning', 'remove', '--json')).json()).toMatchObject({ state: 'none', bytes: 0 })
  expect(existsSync(made.folder)).toBe(false)
})

test('a Python that has all of it is used as it is, and nothing is installed', async () => {
  const own = python('3 11 1 1 1 1')
  const ran = await line.run('learning', 'setup', '--python', own, '--json')
  expect(ran.json()).toMatchObject({ state: 'ready', command: [own, '-m', 'nomina_training', 'learner'] })
  expect(asked().some((one) => one.includes('-m pip'))).toBe(false)
})

test('a folder of wheels is enough', async () => {
  python('3 12 1 1 0 0')
  mkdirSync(inWork('wheels'))
  expect((await line.run('learning', 'setup', '--wheels', inWork('wheels'), '--json')).code).toBe(0)
  const [first] = asked().filter((one) => one.includes('pip install'))
  expect(first).toContain(`--no-index --find-links ${inWork('wheels')}`)
  expect(first).not.toContain('download.pytorch.org')
})

test('uv is used where it is found, and picks the PyTorch that suits the machine', async () => {
  python('3 12 1 1 0 0')
  program(
    'uv',
    `case "$1" in venv) for last; do :; done; /bin/mkdir -p "$last/bin"; /bin/cp "${inWork('bin', 'python3')}" "$last/bin/python" ;; esac`
  )
  expect((await line.run('learning', 'setup', '--json')).json()).toMatchObject({ state: 'ready' })
  expect(asked().some((one) => /^uv pip install .*--torch-backend auto torch==2\.13\.0/.test(one))).toBe(true)
  await line.run('learning', 'remove')
  mkdirSync(inWork('wheels'))
  const offline = await line.run('learning', 'setup', '--wheels', inWork('wheels'), '--json')
  expect(offline.json()).toMatchObject({ state: 'ready' })
  expect(asked().some((one) => /^uv venv --python >=3\.10.* --no-python-downloads /.test(one))).toBe(true)
  expect(asked().findLast((one) => one.startsWith('uv pip install'))).not.toContain('--torch-backend')
})

test('says what is missing', async () => {
  expect(await fails()).toMatchObject({
    code: 'no-python',
    message: expect.stringMatching(/python3 is not there/) as string
  })
  python('3 8 1 1 0 0')
  expect(await fails()).toMatchObject({
    code: 'no-python',
    message: expect.stringMatching(/python3 is Python 3\.8/) as string
  })
  python('3 12 0 1 0 0')
  expect(await fails()).toMatchObject({ code: 'no-python', message: expect.stringMatching(/python3-venv/) as string })
  python('3 12 1 1 0 0', 'echo "NewConnectionError: Network is unreachable" >&2; exit 1')
  expect(await fails()).toMatchObject({ code: 'no-network' })
  await line.run('learning', 'remove')
  python('3 12 1 1 0 0', 'echo "ERROR: No space left on device" >&2; exit 1')
  expect(await fails()).toMatchObject({ code: 'disk-full' })
  expect(await fails('--wheels', inWork('nowhere'))).toMatchObject({ code: 'not-found' })
  expect((await line.run('learning', 'status', '--json')).json()).toMatchObject({ state: 'none' })
})

test('an environment that was deleted is called broken, and set up again', async () => {
  python('3 12 1 1 0 0')
  const made = (await line.run('learning', 'setup', '--json')).json<SetupStatus>()
  writeFileSync(made.command![0]!, 'no program')
  expect((await line.run('learning', 'status', '--json')).json()).toMatchObject({ state: 'broken' })
  expect((await line.run('learning', 'setup', '--json')).json()).toMatchObject({ state: 'ready' })
})

test('the wheel holds the package, and its record is true', () => {
  const wheel = writeWheel(resolve(import.meta.dirname, '../../training'), inWork('wheel'))
  const files = unzipSync(readFileSync(wheel))
  const record = Object.keys(files).find((name) => name.endsWith('.dist-info/RECORD'))!
  const rows = strFromU8(files[record]!)
    .trim()
    .split('\n')
    .map((row) => row.split(','))
  expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(files).sort())
  for (const [name, hash, size] of rows.filter(([name]) => name !== record)) {
    expect(hash).toBe(`sha256=${createHash('sha256').update(files[name!]!).digest('base64url')}`)
    expect(Number(size)).toBe(files[name!]!.length)
  }
  expect(Object.keys(files)).toContain('nomina_training/__main__.py')
  expect(
    readFileSync(writeWheel(resolve(import.meta.dirname, '../../training'), inWork('wheel'))).equals(
      readFileSync(wheel)
    )
  ).toBe(true)
})
