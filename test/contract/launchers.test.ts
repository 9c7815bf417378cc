import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { ensureBuilt } from '../../scripts/lib/build.mjs'
import { whyNoWindow } from '../../scripts/lib/electron.mjs'
import { followLink } from './browserShell'
import { settings } from './core'
import { raw } from './raw'

const folder = mkdtempSync(join(tmpdir(), 'nomina-launch '))
const script = (name: string): string => join(settings.installation, 'scripts', name)
const started = new Set<ChildProcess>()

// So that no test waits for a build, which takes minutes on a busy machine.
beforeAll(() => ensureBuilt(console.log), 300_000)

afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Launched {
  child: ChildProcess
  said: () => string
  told: () => string
}

/** Runs Node with these parameters, or a shell that runs it. */
function run(
  parameters: string[],
  more: Record<string, string> = {},
  cwd = folder,
  by: 'node' | 'sh' = 'node'
): Launched {
  const {
    DISPLAY: _display,
    WAYLAND_DISPLAY: _wayland,
    INIT_CWD: _caller,
    npm_lifecycle_event: _script,
    ...rest
  } = process.env
  const env = { ...rest, CI: 'true', NOMINA_HOME: join(folder, 'home'), ...more }
  const child =
    by === 'node'
      ? spawn(process.execPath, parameters, { cwd, env })
      : spawn('sh', ['-c', '"$0" "$@"; exit $?', process.execPath, ...parameters], { cwd, env })
  started.add(child)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  return { child, said: () => stdout, told: () => stderr }
}

async function lineWith(child: ChildProcess, said: () => string, wanted: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const found = wanted.exec(said())
    if (found) return found
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${said()}`)
    await Promise.race([once(child.stdout!, 'data'), once(child, 'close')])
  }
}

describe('npm start', () => {
  it('says why there is no window, serves the page, and stops when asked', async () => {
    const { child, said } = run([script('start.mjs')], { NOMINA_SHELL: 'browser' })
    const [, url, port] = await lineWith(child, said, /^Nomina is at (http:\/\/127\.0\.0\.1:(\d+)\/\?token=\S+)$/m)
    expect(said()).toContain('Nomina opens in the browser: NOMINA_SHELL=browser is set.')
    const { cookie } = await followLink(url!)
    const page = await raw(Number(port), '/', { headers: { cookie } })
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    child.kill('SIGINT')
    child.kill('SIGINT') // as a terminal and npm both send it
    const [code] = (await once(child, 'close')) as [number | null]
    expect(code).toBe(0)
    await expect(raw(Number(port), '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('stops with the npm that started it, which signals only the shell between them', async () => {
    const { child, said } = run(
      [script('start.mjs')],
      { NOMINA_SHELL: 'browser', npm_lifecycle_event: 'start' },
      folder,
      'sh'
    )
    const [, port] = await lineWith(child, said, /^Nomina is at http:\/\/127\.0\.0\.1:(\d+)/m)
    child.kill('SIGKILL')
    await vi.waitFor(() => expect(raw(Number(port), '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' }), {
      timeout: 20_000,
      interval: 100
    })
  })

  it('stops with an npm that was killed, though the shell between them waits on', async () => {
    const npm = `require('node:child_process').spawn('sh', ['-c', '"$0" "$1"; exit $?', process.execPath, process.argv[1]], { stdio: 'inherit' })`
    const { child, said } = run(['-e', npm, script('start.mjs')], {
      NOMINA_SHELL: 'browser',
      npm_lifecycle_event: 'start'
    })
    const [, port] = await lineWith(child, said, /^Nomina is at http:\/\/127\.0\.0\.1:(\d+)/m)
    child.kill('SIGKILL')
    await vi.waitFor(() => expect(raw(Number(port), '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' }), {
      timeout: 20_000,
      interval: 100
    })
  })

  it.each([
    [{ NOMINA_SHELL: 'browser', DISPLAY: ':0' }, 'linux', 1000, 'NOMINA_SHELL=browser is set'],
    [{}, 'linux', 1000, 'there is no display'],
    [{ DISPLAY: ':0' }, 'linux', 0, 'Electron’s sandbox does not work for root'],
    [{ DISPLAY: ':0' }, 'linux', 1000, null],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', 1000, null],
    [{}, 'darwin', 501, null],
    [{}, 'win32', undefined, null]
  ] as const)('chooses by %j on %s for user %s', (environment, platform, user, reason) => {
    expect(whyNoWindow(environment, platform, user as number)).toBe(reason)
  })
})

describe('nomina', () => {
  it('prints one JSON value and nothing else', async () => {
    const { child, said } = run([script('nomina.mjs'), 'models', '--json'])
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(0)
    expect(JSON.parse(said())).toBeTypeOf('object')
  })

  it('takes relative paths as the caller’s, as npm passes it on', async () => {
    mkdirSync(join(folder, 'called from here'), { recursive: true })
    const caller = { INIT_CWD: join(folder, 'called from here') }
    const { child, told } = run([script('nomina.mjs'), 'status', 'no project'], caller, settings.installation)
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(1)
    expect(told()).toContain(join(caller.INIT_CWD, 'no project'))
  })
})

describe('the build’s lock', () => {
  const lockModule = pathToFileURL(script('lib/lock.mjs')).href
  const count = join(folder, 'count')
  const critical = `
    import { readFileSync, writeFileSync } from 'node:fs'
    import { withLock } from ${JSON.stringify(lockModule)}
    await withLock(${JSON.stringify(join(folder, 'lock'))}, async () => {
      const before = Number(readFileSync(${JSON.stringify(count)}, 'utf8'))
      await new Promise((resolve) => setTimeout(resolve, 50))
      writeFileSync(${JSON.stringify(count)}, String(before + 1))
    })`

  it('lets one process after the other in, also past one that died', async () => {
    writeFileSync(count, '0')
    const dead = spawn(process.execPath, ['-e', ''])
    await once(dead, 'close')
    mkdirSync(join(folder, 'lock'))
    writeFileSync(join(folder, 'lock', 'pid'), String(dead.pid))
    const ends = [1, 2, 3].map(() => once(run(['--input-type=module', '-e', critical]).child, 'close'))
    expect((await Promise.all(ends)).map(([code]) => code)).toEqual([0, 0, 0])
    expect(readFileSync(count, 'utf8')).toBe('3')
  })
})
