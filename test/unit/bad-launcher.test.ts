import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test, vi } from 'vitest'

const launcher = resolve(import.meta.dirname, '../../scripts/start.mjs')

test('a launcher that is killed leaves no server behind', async () => {
  const home = mkdtempSync(join(tmpdir(), 'nomina-home-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  const child = spawn(process.execPath, [launcher], {
    cwd: home,
    env: { ...process.env, NOMINA_SHELL: 'browser', NOMINA_HOME: join(home, 'data'), CI: '1' },
    stdio: ['ignore', 'pipe', 'ignore']
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let url = ''
  for await (const line of createInterface({ input: child.stdout })) {
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0] ?? ''
    if (url) break
  }
  expect((await fetch(url)).status).toBe(401) // there, and shut without its token
  child.kill('SIGKILL')
  await once(child, 'exit')
  await vi.waitFor(() => expect(fetch(url)).rejects.toThrow(), { timeout: 20_000, interval: 100 })
})
