import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../../src/serve'
import { followLink, openServer } from './browserShell'
import { createTestCore } from './core'
import { raw } from './raw'

let folder: string
let server: Awaited<ReturnType<typeof openServer>>
let cookie: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nomina-serve-'))
  server = await openServer(join(folder, 'home'))
  cookie = (await followLink(server.url)).cookie
})
afterAll(async () => {
  await server?.close()
  await rm(folder, { recursive: true, force: true })
})

const json = { 'content-type': 'application/json' }
const call = (headers: Record<string, string>, body: string | Buffer = '{}', path = '/api/app.info') =>
  raw(server.port, path, { method: 'POST', headers: { ...json, ...headers }, body })

describe('the link', () => {
  it('becomes a cookie and leaves the address', async () => {
    const { location, setCookie } = await followLink(server.url)
    expect(location).toBe('/')
    expect(setCookie).toMatch(/^nomina_\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)
    expect((await raw(server.port, '/', { headers: { cookie } })).status).toBe(200)
  })

  it('has a new token at each start', async () => {
    const other = await openServer(join(folder, 'other'))
    const tokenOf = (url: string): string | null => new URL(url).searchParams.get('token')
    expect(tokenOf(other.url)).not.toBe(tokenOf(server.url))
    await other.close()
  })

  it.each([
    '/',
    '/index.html',
    '/assets/index-1a2b.js',
    '/crop/1/full',
    '/?token=',
    '/?token=wrong',
    '/index.html?token=wrong'
  ])('is needed for %s', async (path) => {
    const answer = await raw(server.port, path)
    expect(answer.status).toBe(401)
    expect(answer.body).toContain('stale')
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it('is needed for calls and events', async () => {
    const stale = { cookie: cookie.replace(/=.*/, `=${'A'.repeat(43)}`) }
    for (const headers of [{}, stale, { cookie: 'nomina=1' }]) {
      const answer = await call(headers)
      expect(answer.status).toBe(401)
      expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code: 'stale-link' } })
      expect((await raw(server.port, '/api/events', { headers })).status).toBe(401)
    }
  })

  it('is not to be had by a token in another place', async () => {
    const token = new URL(server.url).searchParams.get('token')
    expect((await raw(server.port, `/index.html?token=${token}`)).status).toBe(401)
    expect((await call({}, '{}', `/api/app.info?token=${token}`)).status).toBe(401)
  })
})

describe('dropped files', () => {
  const ask = async (
    path: string,
    method: string,
    body?: string
  ): Promise<{ ok: boolean; value: never; error: never }> => {
    const answer = await raw(server.port, `/dropped${path}`, { method, headers: { cookie }, ...(body && { body }) })
    return JSON.parse(answer.body)
  }
  const begin = async (name: string): Promise<{ batch: string; folder: string }> =>
    (await ask(`?name=${encodeURIComponent(name)}`, 'POST')).value

  it('are copied into a folder of the app’s data, and go again where a person stops it', async () => {
    const { batch, folder: dropped } = await begin('École')
    expect(dropped).toMatch(/home[\\/]dropped[\\/]\d{4}-\d\d-\d\d École$/)
    expect(await ask(`/${batch}/${encodeURIComponent('a/b.csv')}`, 'PUT', 'x')).toMatchObject({ ok: true })
    expect(await readFile(join(dropped, 'a', 'b.csv'), 'utf8')).toBe('x')
    expect(await readdir(join(dropped, 'a'))).toEqual(['b.csv'])
    expect((await begin('École')).folder).toBe(`${dropped} 2`)
    expect(await ask(`/${batch}`, 'DELETE')).toMatchObject({ ok: true })
    await expect(readdir(dropped)).rejects.toThrow('ENOENT')
    expect(await ask(`/${batch}/b.csv`, 'PUT', 'x')).toMatchObject({ ok: false, error: { code: 'not-found' } })
  })

  it('of one name take no other’s place', async () => {
    const { batch, folder: dropped } = await begin('two')
    for (const text of ['one', 'two', 'three']) await ask(`/${batch}/scan.csv`, 'PUT', text)
    const names = ['scan.csv', 'scan 2.csv', 'scan 3.csv']
    expect(await Promise.all(names.map((name) => readFile(join(dropped, name), 'utf8')))).toEqual([
      'one',
      'two',
      'three'
    ])
  })

  it.each(['../x', 'a/../../x', '/x', 'a//x', '.', 'x/..', `${'a/'.repeat(20)}x`])('stay in it: %s', async (path) => {
    const { batch } = await begin('..')
    const answer = await ask(`/${batch}/${encodeURIComponent(path)}`, 'PUT', 'x')
    expect(answer).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
  })

  it('come from the owner’s page only', async () => {
    const foreign = { cookie, origin: 'http://evil.example' }
    expect((await raw(server.port, '/dropped?name=x', { method: 'POST', headers: foreign })).status).toBe(403)
    expect((await raw(server.port, '/dropped?name=x', { method: 'POST' })).status).toBe(401)
  })
})

describe('other pages and programs', () => {
  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1:1', '[::1]:80'])(
    'cannot use the Host %j',
    async (host) => {
      expect((await call({ cookie, host })).status).toBe(403)
      expect((await raw(server.port, '/', { headers: { cookie, host } })).status).toBe(403)
    }
  )

  it('may use localhost for 127.0.0.1', async () => {
    const host = `localhost:${server.port}`
    expect((await call({ cookie, host, origin: `http://${host}` })).status).toBe(200)
  })

  it.each(['http://evil.example', 'null', 'https://127.0.0.1:1', 'http://127.0.0.1:1'])(
    'cannot call from the origin %s',
    async (origin) => {
      const answer = await call({ cookie, origin })
      expect(answer.status).toBe(403)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      expect((await raw(server.port, '/api/events', { headers: { cookie, origin } })).status).toBe(403)
    }
  )

  it('cannot embed an image from another port of this machine', async () => {
    const headers = { cookie, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }
    expect((await raw(server.port, '/crop/1/full', { headers })).status).toBe(403)
  })

  it('cannot reach it from outside this machine', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address && !address.internal && address.family === 'IPv4')
    if (!outside) return
    await expect(
      new Promise((resolve, reject) => connect(server.port, outside.address).on('connect', resolve).on('error', reject))
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('requests that are not right', () => {
  it('are told the right method', async () => {
    const got = await raw(server.port, '/api/app.info', { headers: { cookie } })
    expect([got.status, got.headers.allow]).toEqual([405, 'POST'])
    const posted = await call({ cookie }, '{}', '/index.html')
    expect([posted.status, posted.headers.allow]).toEqual([405, 'GET, HEAD'])
    const events = await call({ cookie }, '{}', '/api/events')
    expect([events.status, events.headers.allow]).toEqual([405, 'GET'])
  })

  it('must be JSON, and say so', async () => {
    expect((await call({ cookie, 'content-type': 'text/plain' })).status).toBe(415)
    expect((await call({ cookie, 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415)
    for (const body of ['{', '', Buffer.from([0xff, 0xfe, 0x00])]) {
      const answer = await call({ cookie }, body)
      expect(answer.status).toBe(400)
      expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code: 'invalid-input' } })
    }
  })

  it('may not be larger than 64 MB, announced or not', async () => {
    const announced = await raw(server.port, '/api/app.info', {
      method: 'POST',
      headers: { ...json, cookie, 'content-length': String(64 * 1024 * 1024 + 1), expect: '100-continue' }
    }).catch((error: NodeJS.ErrnoException) => ({ status: error.code }))
    expect([413, 'ECONNRESET']).toContain(announced.status)
    const sent = await call({ cookie, 'transfer-encoding': 'chunked' }, Buffer.alloc(64 * 1024 * 1024 + 1, 32))
    expect(sent.status).toBe(413)
    expect(JSON.parse(sent.body)).toMatchObject({ ok: false, error: { code: 'too-large' } })
  })

  it('may be as large as a million ids', async () => {
    const ids = Array.from({ length: 1_000_000 }, (_, index) => index + 1)
    const answer = await call({ cookie }, JSON.stringify({ ids, kind: 'blank' }), '/api/review.decide')
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code: 'no-project' } })
  })

  it.each(['/api/no.such.endpoint', '/api/', '/api/toString', '/api/app.info/more'])(
    'find nothing at %s',
    async (path) => {
      const answer = await call({ cookie }, '{}', path)
      expect(answer.status).toBe(404)
      expect(JSON.parse(answer.body)).toMatchObject({ ok: false })
    }
  )

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%5c..%5csecret.txt',
    '//etc/passwd',
    '/index.html%00.js',
    'http://evil.example/index.html',
    '/.env'
  ])('never leave the page’s folder: %s', async (path) => {
    const answer = await raw(server.port, path, { headers: { cookie } })
    expect(answer.status).toBe(404)
    expect(answer.body).not.toContain('not for the page')
  })
})

describe('the page', () => {
  it('is asked for anew, its hashed files are not', async () => {
    const page = await raw(server.port, '/', { headers: { cookie } })
    expect(page.headers['cache-control']).toBe('no-cache')
    const script = await raw(server.port, '/assets/index-1a2b.js', { headers: { cookie } })
    expect(script.headers['content-type']).toContain('text/javascript')
    expect(script.headers['cache-control']).toContain('immutable')
  })

  it('has no body for HEAD', async () => {
    const { status, body, headers } = await raw(server.port, '/', { method: 'HEAD', headers: { cookie } })
    expect([status, body]).toEqual([200, ''])
    expect(Number(headers['content-length'])).toBeGreaterThan(0)
  })

  it('is never in a frame, never tells where one came from', async () => {
    const { headers } = await raw(server.port, '/', { headers: { cookie } })
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })
})

describe('start and stop', () => {
  it('names a port that is taken', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const core = await createTestCore(join(folder, 'taken'), 'browser')
    const start = startServer(core, { port, rendererDir: folder })
    await expect(start).rejects.toMatchObject({ name: 'NominaError', message: expect.stringContaining(String(port)) })
    await core.close()
    other.close()
  })

  it('says why a project cannot be opened, and does not start', async () => {
    const core = await createTestCore(join(folder, 'nothing'), 'browser')
    const start = startServer(core, { rendererDir: folder, openProject: join(folder, 'no such project') })
    await expect(start).rejects.toMatchObject({
      name: 'NominaError',
      message: expect.stringContaining('no such project')
    })
    await core.close()
  })

  it('stops while a page listens, and once only', async () => {
    const stopping = await openServer(join(folder, 'stopping'))
    const mine = (await followLink(stopping.url)).cookie
    const events = await fetch(`${stopping.origin}/api/events`, { headers: { cookie: mine } })
    const reader = events.body!.getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toContain(': connected')
    await Promise.all([stopping.close(), stopping.close()])
    expect((await reader.read()).done).toBe(true)
    await expect(raw(stopping.port, '/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
