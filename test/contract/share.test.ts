import { readFile, stat } from 'node:fs/promises'
import { mkdtempSync, rmSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../src/core'
import { startServer, type RunningServer, type ShareOptions } from '../../src/serve'
import { reviewerMay } from '../../src/core/reviewers'
import { endpoints, type EndpointName } from '../../src/shared/contract'
import { decide } from '../../src/core/review'
import { closeStore } from '../../src/core/store'
import { makeProject } from '../fixtures/big-project'
import { followLink } from './browserShell'
import { createTestCore, settings, writePage } from './core'
import { calls } from './endpoints'
import { raw } from './raw'

const temporary = mkdtempSync(join(tmpdir(), 'nomina-share-'))
const temporaryFolder = (): string => mkdtempSync(join(temporary, 'x-'))
const home = temporaryFolder()
const folder = temporaryFolder()
let core: Core
let server: RunningServer
let ada: string
let ben: string
let owner: string
const share = (more: Partial<ShareOptions> = {}): ShareOptions => ({
  people: ['Ada', 'Ben'],
  linksFile: join(home, 'share-links.json'),
  project: folder,
  ...more
})

const here = (url: string): string => url.replace(/\/\/[^/]*:/, '//127.0.0.1:')
const cookieOf = async (url: string): Promise<string> => (await followLink(here(url))).cookie

beforeAll(async () => {
  const db = makeProject(folder, { fields: 12, decided: 0 })
  decide(db, { ids: [12], kind: 'accepted', reviewer: 'Cleo' })
  closeStore(db)
  await writePage(join(home, 'page', 'renderer'))
  core = await createTestCore(home, 'browser')
  server = await startServer(core, { rendererDir: join(home, 'page', 'renderer'), openProject: folder, share: share() })
  ;[ada, ben] = (await Promise.all(server.links.map(({ url }) => cookieOf(url)))) as [string, string]
  owner = await cookieOf(server.url)
})
afterAll(async () => {
  await server?.close()
  rmSync(temporary, { recursive: true, force: true })
})

async function call(cookie: string, name: string, input: unknown = {}) {
  const answer = await raw(server.port, `/api/${name}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify(input)
  })
  return JSON.parse(answer.body) as {
    ok: boolean
    value: Record<string, unknown>
    error?: { code: string; message: string }
  }
}

describe('a shared project', () => {
  it('has a link for each reviewer, that carries their name', async () => {
    expect(server.links.map(({ name }) => name)).toEqual(['Ada', 'Ben'])
    expect((await call(ben, 'app.info')).value).toMatchObject({
      reviewer: 'Ben',
      role: 'reviewer',
      shared: true,
      recent: []
    })
    expect((await call(owner, 'app.info')).value).toMatchObject({ role: 'owner', shared: true })
    const change = await call(ben, 'review.decide', { ids: [11], kind: 'accepted' })
    expect(change.value.rows).toEqual([expect.objectContaining({ reviewer: 'Ben', status: 'accepted' })])
  })

  it.each([
    'project.open',
    'folders.list',
    'export.write',
    'import.start',
    'models.select',
    'models.newer',
    'app.setReviewer',
    'project.close'
  ])('lets no reviewer call %s', async (name) => {
    expect((await call(ada, name)).error?.code).toBe('refused')
  })

  it('gives no field to two', async () => {
    const ids = (
      (await call(ada, 'fields.ids', { filter: { status: 'undecided' }, order: 'file' })).value.ids as number[]
    ).slice(0, 8)
    const first = (await call(ada, 'review.lease', { window: 'window-a', ids, count: 4 })).value
    const second = (await call(ben, 'review.lease', { window: 'window-b', ids, count: 4 })).value
    expect(first.granted).toEqual(ids.slice(0, 4))
    expect(second).toMatchObject({ granted: ids.slice(4, 8), taken: ids.slice(0, 4) })
    expect((await call(ben, 'review.decide', { ids: [ids[0]], kind: 'accepted' })).error?.code).toBe('conflict')
    const left = (await call(ben, 'fields.ids', { filter: { status: 'undecided' }, order: 'file' })).value.ids
    expect(left).toEqual(expect.not.arrayContaining(ids.slice(0, 4)))
  })

  it('takes no large request of a reviewer, and tells one fault of a bad one however many it has', async () => {
    const send = (bytes: number) =>
      raw(server.port, '/api/fields.rows', {
        method: 'POST',
        headers: { cookie: ada, 'content-type': 'application/json' },
        body: `{"ids":[${'"",'.repeat(bytes / 3)}""]}`
      })
    expect((await send(4_000_000)).status).toBe(413)
    const { status, body } = await send(900_000)
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
    expect(body.length).toBeLessThan(1000)
    expect((await call(ada, 'app.setPreference', { key: 'k', value: 'x'.repeat(100_000) })).error?.code).toBe(
      'invalid-input'
    )
  })

  it('tells no reviewer where anything lies on this machine, in no answer and no refusal', async () => {
    const scene = { project: folder, images: 'x', labels: 'x', exported: 'x', fieldIds: [1, 2], runId: 1 }
    const names = (Object.keys(endpoints) as EndpointName[]).filter((name) => reviewerMay(name))
    const changing = new Set([
      'app.setPreference',
      'history.undoTo',
      'review.decide',
      'review.undo',
      'review.redo',
      'review.rotate'
    ])
    for (const name of names.filter((name) => !changing.has(name))) {
      const reply = JSON.stringify(await call(ben, name, calls[name].input(scene)))
      expect(reply.includes(temporary), name).toBe(false)
      expect(reply.includes(settings.installation), name).toBe(false)
    }
    expect((await call(owner, 'app.info')).value).toMatchObject({
      project: { path: expect.stringContaining(temporary) }
    })
  })

  it('knows by its identity which project a reviewer decided in', async () => {
    const { path } = (await call(ben, 'project.info')).value
    expect(path).not.toContain('/')
    const decided = { ids: [10], kind: 'blank' }
    expect((await call(ben, 'review.decide', { ...decided, project: path })).ok).toBe(true)
    expect((await call(ben, 'review.undo', { project: path })).ok).toBe(true)
    expect((await call(ben, 'review.decide', { ...decided, project: 'another' })).error?.code).toBe('other-project')
  })

  it('keeps each reviewer’s own settings', async () => {
    await call(ada, 'app.setPreference', { key: 'theme', value: 'dark' })
    expect((await call(ada, 'app.preferences')).value).toMatchObject({ theme: 'dark' })
    expect((await call(ben, 'app.preferences')).value.theme).toBeNull()
    expect((await call(owner, 'app.preferences')).value.theme).toBeNull()
  })

  it('knows who is here', async () => {
    const stream = new AbortController()
    await fetch(`http://127.0.0.1:${server.port}/api/events`, { headers: { cookie: ben }, signal: stream.signal })
    const here = async () =>
      ((await call(owner, 'team.list')).value.people as { name: string; here: boolean }[]).find(
        ({ name }) => name === 'Ben'
      )?.here
    expect(await here()).toBe(true)
    stream.abort()
    await expect.poll(here).toBe(false)
  })

  it('keeps its links over a restart, out of others’ sight', async () => {
    const again = await startServer(await createTestCore(home, 'browser'), {
      rendererDir: join(home, 'page', 'renderer'),
      share: share()
    })
    const token = (url: string): string | null => new URL(url).searchParams.get('token')
    expect(again.links.map(({ url }) => token(url))).toEqual(server.links.map(({ url }) => token(url)))
    await again.close()
    expect((await stat(join(home, 'share-links.json'))).mode & 0o077).toBe(0)
  })

  it('turns away a foreign Host, also by a link', async () => {
    const headers = { host: `evil.example:${server.port}`, cookie: ada }
    expect((await raw(server.port, '/', { headers })).status).toBe(403)
  })

  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address && !address.internal && address.family === 'IPv4')?.address
  it.skipIf(!outside)('is reached by this machine’s own address, but not with the owner’s link', async () => {
    const token = new URL(server.url).searchParams.get('token')!
    const at = (path: string) => fetch(`http://${outside}:${server.port}${path}`, { redirect: 'manual' })
    expect((await at(`/?token=${token}`)).status).toBe(401)
    const own = new URL(server.links[0]!.url).searchParams.get('token')!
    expect((await at(`/?token=${own}`)).status).toBe(303)
  })
})

describe('a file of an export', () => {
  it('is given to the owner alone, by the number of its export', async () => {
    const out = join(temporaryFolder(), 'nömina’s.csv')
    const options = { format: 'full', rows: 'all', unreadable: 'mark', crops: false, split: null }
    const { value } = await call(owner, 'export.write', { ...options, out, spreadsheetSafe: false, overwrite: false })
    const get = (cookie: string, path: string) => raw(server.port, path, { headers: { cookie } })
    const answer = await get(owner, `/exported/${String(value['id'])}/0`)
    expect([answer.status, answer.body]).toEqual([200, await readFile(out, 'utf8')])
    expect(answer.headers['content-disposition']).toMatch(
      /^attachment; .*filename\*=UTF-8''n%C3%B6mina%E2%80%99s\.csv$/
    )
    expect((await get(ada, `/exported/${String(value['id'])}/0`)).status).toBe(403)
    for (const path of [`${String(value['id'])}/1`, '999/0', '0/0', '..%2f..%2fetc/0', 'x'])
      expect((await get(owner, `/exported/${path}`)).status).toBe(404)
    rmSync(out)
    expect((await get(owner, `/exported/${String(value['id'])}/0`)).status).toBe(404)
  })
})

describe('sharing is refused', () => {
  const start = async (more: Partial<ShareOptions>) => {
    const other = await createTestCore(temporaryFolder(), 'browser')
    try {
      await startServer(other, {
        rendererDir: home,
        share: share({ linksFile: join(temporaryFolder(), 'l'), ...more })
      })
    } finally {
      await other.close()
    }
  }
  it('with two reviewers of one name', () =>
    expect(start({ people: ['Ada', 'ada '] })).rejects.toThrow(/called ada. Give each/))
  it('with half a pair of TLS files', () => expect(start({ certificate: 'x' })).rejects.toThrow(/needs both/))
  it('with TLS files that are none', async () => {
    const file = join(home, 'share-links.json')
    expect(await readFile(file, 'utf8')).toContain('Ada')
    await expect(start({ certificate: file, key: file })).rejects.toThrow(/can't be used/)
  })
  it('on an address that is not ours', () =>
    expect(start({ host: '192.0.2.1' })).rejects.toThrow(/no address of this machine/))
})

describe('inviting from a window', () => {
  let alone: RunningServer
  let own: string
  const dataDir = temporaryFolder()
  const project = temporaryFolder()
  const opened = async () => {
    closeStore(makeProject(project, { fields: 4 }))
    await writePage(join(dataDir, 'page', 'renderer'))
    alone = await startServer(await createTestCore(dataDir, 'browser'), {
      rendererDir: join(dataDir, 'page', 'renderer'),
      openProject: project
    })
    own = await cookieOf(alone.url)
  }
  const ask = async (port: number, cookie: string, name: string, input: unknown = {}) => {
    const headers = { cookie, 'content-type': 'application/json' }
    return raw(port, `/api/${name}`, { method: 'POST', headers, body: JSON.stringify(input) })
  }
  const invited = async (name: string) =>
    (JSON.parse((await ask(alone.port, own, 'team.invite', { name })).body) as { value: { url: string } }).value.url
  beforeAll(opened)
  afterAll(() => alone?.close())

  it('gives a link that leads to this project, by a door of its own, and ends when it is taken back', async () => {
    const url = await invited('Ada')
    const door = Number(new URL(url).port)
    expect(door).not.toBe(alone.port)
    const guest = await cookieOf(url)
    const info = await ask(door, guest, 'app.info')
    expect(JSON.parse(info.body)).toMatchObject({ value: { role: 'reviewer', reviewer: 'Ada', shared: true } })
    expect(JSON.parse((await ask(door, guest, 'team.list')).body).value.links).toEqual([])
    expect(JSON.parse((await ask(door, guest, 'team.invite', { name: 'Eve' })).body).error.code).toBe('refused')
    expect(JSON.parse((await ask(alone.port, own, 'team.list')).body).value.links).toEqual([{ name: 'Ada', url }])
    expect(await invited('Ada')).toBe(url)
    await ask(alone.port, own, 'team.revoke', { name: 'Ada' })
    expect((await ask(door, guest, 'app.info')).status).toBe(401)
    expect(await invited('Ada')).not.toBe(url)
  })

  it('lets in whoever is called as a part of JavaScript, and nobody by it', async () => {
    for (const name of ['constructor', '__proto__']) {
      const url = await invited(name)
      expect((await ask(Number(new URL(url).port), await cookieOf(url), 'app.info')).status).toBe(200)
    }
    expect((await ask(alone.port, own, 'app.info')).status).toBe(200)
  })
})
