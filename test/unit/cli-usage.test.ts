import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parsePort } from '../../src/cli/commands/serve'
import { parseSplit } from '../../src/cli/commands/export'
import { createCommandLine, type CommandLine } from '../fixtures/cli'

let line: CommandLine
beforeAll(async () => void (line = await createCommandLine()))
afterAll(() => line.remove())

const commands = [
  'import',
  'recognise',
  'status',
  'disk',
  'relink',
  'export',
  'read',
  'evaluate',
  'models',
  'doctor',
  'serve'
]

describe('wrong usage', () => {
  it.each([
    ['no command', []],
    ['an unknown command', ['imprt']],
    ['an unknown option', ['status', 'p', '--colour']],
    ['a missing argument', ['status']],
    ['one path too few', ['import', 'p']],
    ['one argument too many', ['status', 'p', 'q']],
    ['an option without its value', ['export', 'p', '--out']],
    ['a required option that is missing', ['export', 'p']],
    ['a value that is none of the choices', ['export', 'p', '--out', 'o.csv', '--format', 'xml']],
    ['a split that is none', ['export', 'p', '--out', 'o', '--split', '80/30/10']],
    ['a port that is none', ['serve', '--port', '70000']],
    ['a condition that is none', ['evaluate', '--images', 'd', '--labels', 'l.csv', '--where', 'STATUS']],
    ['an empty models folder', ['models', '--models', '']]
  ])('%s: exit code 2, a message on standard error, nothing on standard output', async (_what, given) => {
    const { code, stdout, stderr } = await line.run(...given)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.trim()).not.toBe('')
  })

  it('answers with one JSON value where JSON was asked for', async () => {
    for (const given of [
      ['--json'],
      ['imprt', '--json'],
      ['status', '--json'],
      ['status', 'p', '--colour', '--json']
    ]) {
      const ran = await line.run(...given)
      expect(ran.code).toBe(2)
      const { error } = ran.json<{ error: { code: string; message: string } }>()
      expect(error.code).toBe('usage')
      expect(error.message).not.toBe('')
      expect(ran.stderr).toContain(error.message)
    }
  })

  it('makes nothing', async () => {
    await line.run('import', join(line.folder, 'made'))
    expect(existsSync(join(line.folder, 'made'))).toBe(false)
  })
})

describe('help', () => {
  it.each(commands)('of %s names its options and those of all commands', async (command) => {
    const { code, stdout, stderr } = await line.run(command, '--help')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`nomina ${command}`)
    for (const option of ['--json', '--models <dir>', '--help']) expect(stdout).toContain(option)
  })

  it('lists every command', async () => {
    const { code, stdout } = await line.run('--help')
    expect(code).toBe(0)
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
  })

  it('tells the version', async () => {
    const { code, stdout } = await line.run('--version')
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${line.settings.version}\n` })
  })
})

describe('values of options', () => {
  it('reads a split', () => expect(parseSplit('80/10/10')).toEqual({ train: 80, validation: 10, test: 10 }))
  it.each(['0', '65536', '80.5', '-1', 'http', ''])('refuses port %j', (text) =>
    expect(() => parsePort(text)).toThrow()
  )
})
