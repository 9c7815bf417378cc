/** A server that is started again is where it was: pages that were left open find it. */
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { closeStore } from '../../src/core/store'
import { startServer, type RunningServer, type ServeOptions } from '../../src/serve'
import { makeProject } from '../fixtures/big-project'
import { followLink } from './browserShell'
import { createTestCore, writePage } from './core'
import { raw } from './raw'

const temporary = mkdtempSync(join(tmpdir(), 'nomina-again-'))
afterAll(() => rmSync(temporary, { recursive: true, force: true }))
let folder: string
let home: string
beforeEach(async () => {
  folder = mkdtempSync(join(temporary, 'project-'))
  home = mkdtempSync(join(temporary, 'home-'))
  closeStore(makeProject(folder, { fields: 3 }))
  await writePage(join(home, 'page', 'renderer'))
})

async function start(more: Partial<ServeOptions> = {}): Promise<RunningServer> {
  const core = await createTestCore(home, 'browser')
  const options = { rendererDir: join(home, 'page', 'renderer'), openProject: folder }
  return startServer(core, { ...options, kept: { folder, must: true }, ...more }).catch(async (error: unknown) => {
    await core.close()
    throw error
  })
}

const decide = (port: number, cookie: string) =>
  raw(port, '/api/review.decide', {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ ids: [1], kind: 'blank', request: 'decided while it was away' })
  })

/** Another program that listens there. */
async function takePort(port: number): Promise<() => Promise<void>> {
  const other = createServer()
  await new Promise<void>((listening) => other.listen({ host: '127.0.0.1', port, exclusive: true }, listening))
  return () => new Promise((closed) => other.close(() => closed()))
}

describe('a server that is started again', () => {
  it('has the port and the secret of before, and takes what an old page sends', async () => {
    const first = await start()
    const { cookie } = await followLink(first.url)
    await first.close()
    const second = await start()
    expect(second.url).toBe(first.url)
    const answer = await decide(second.port, cookie)
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({ ok: true, value: { changed: 1 } })
    await second.close()
  })

  it('keeps its secret where only this user can read it, and trusts none that others could have read', async () => {
    const first = await start()
    await first.close()
    const file = join(folder, '.nomina-served.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    chmodSync(file, 0o644)
    const second = await start()
    expect(new URL(second.url).search).not.toBe(new URL(first.url).search)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    await second.close()
  })

  it('waits for a choice where another program has the port, and takes another only when asked to', async () => {
    const first = await start()
    await first.close()
    const giveBack = await takePort(first.port)
    await expect(start()).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining(`${first.port}`)
    })
    const elsewhere = await start({ port: 0 })
    expect(elsewhere.port).not.toBe(first.port)
    expect(new URL(elsewhere.url).search).toBe(new URL(first.url).search)
    await elsewhere.close()
    await giveBack()
  })

  it('without a project of its own just takes another port, and leaves the first where it is', async () => {
    const kept = { folder: home, must: false }
    const first = await start({ kept })
    const second = await start({ kept, openProject: undefined })
    expect(second.port).not.toBe(first.port)
    await second.close()
    await first.close()
    const third = await start({ kept })
    expect(third.url).toBe(first.url)
    await third.close()
  })
})
