import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { closeStore, databaseName, openStore } from '../../src/core/store'
import { migrations } from '../../src/core/store/migrations'
import {
  endpoints,
  type EndpointName,
  type EventName,
  type EventPayload,
  type Failure,
  type Transport
} from '../../src/shared/contract'
import { calls, type Scene } from './endpoints'
import { writeImages } from './core'
import type { OpenShell, Shell } from './shell'

async function valueOf<T>(reply: Promise<{ ok: true; value: T } | { ok: false; error: Failure }>): Promise<T> {
  const answer = await reply
  if (!answer.ok) throw new Error(answer.error.message)
  return answer.value
}

/** What every shell owes to the page, asked through the page's own `host.ts`. */
export function contractSuite(kind: 'electron' | 'browser', open: OpenShell): void {
  let folder: string
  let shell: Shell
  let scene: Scene

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nomina contract é '))
    const images = join(folder, 'scans')
    const { labels } = await writeImages(images)
    shell = await open(join(folder, 'home'))
    scene = {
      images,
      labels,
      project: join(folder, 'project'),
      exported: join(folder, 'names.csv'),
      fieldIds: [],
      runId: 0
    }
  })
  afterAll(async () => {
    await shell?.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** Any endpoint by name, as a page written in JavaScript could call it. */
  const callUnchecked = (name: string, input: unknown) =>
    (shell.transport.call as (name: string, input: unknown) => ReturnType<Transport['call']>)(name, input)

  it('says which shell it is', async () => {
    expect(shell.host.shell).toBe(kind)
    const info = await shell.transport.call('app.info', {})
    expect(info).toMatchObject({ ok: true, value: { shell: kind, project: null } })
  })

  it.each(Object.keys(calls) as EndpointName[])('answers %s', async (name) => {
    const { input, fails, mayFail } = calls[name]
    const imported = name === 'import.start' ? finishedRun(shell.transport) : null
    const reply = await callUnchecked(name, input(scene))
    if (fails || (mayFail && !reply.ok)) {
      expect(reply).toMatchObject({
        ok: false,
        error: { code: fails ?? mayFail, message: expect.stringMatching(/\w/) }
      })
      return
    }
    expect(reply.ok ? null : reply.error).toBeNull()
    if (reply.ok) expect(misfits(name, reply.value)).toEqual([])
    if (imported) expect((await imported).status).toBe('done')
    if (name === 'fields.ids' && reply.ok) scene.fieldIds = (reply.value as { ids: number[] }).ids
  })

  it.each(Object.keys(endpoints) as EndpointName[])('refuses an input that is none: %s', async (name) => {
    const reply = await callUnchecked(name, 'no object')
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-input', message: expect.stringContaining(name) } })
  })

  it('refuses values out of bounds, and says where', async () => {
    const reply = await callUnchecked('fields.rows', { ids: [1, -5] })
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'invalid-input', message: expect.stringContaining('ids.1') }
    })
  })

  it.each(['no.such.endpoint', 'toString', '__proto__', '../app.info', ''])(
    'refuses the unknown endpoint %j',
    async (name) => {
      const reply = await callUnchecked(name, {})
      expect(reply).toMatchObject({
        ok: false,
        error: { code: expect.stringMatching(/^(invalid-input|not-found|refused)$/) }
      })
    }
  )

  it('takes inputs that cannot be cloned, such as proxies of reactive state', async () => {
    const state = new Proxy({ key: 'keys' as const, value: new Proxy({ 'review.accept': ['F2'] }, {}) }, {})
    expect(() => structuredClone(state)).toThrow()
    expect(await shell.transport.call('app.setPreference', state)).toMatchObject({ ok: true })
    const stored = await shell.transport.call('app.preferences', {})
    expect(stored).toMatchObject({ ok: true, value: { keys: { 'review.accept': ['F2'] } } })
  })

  it('tells everybody who listens, also where another one throws or returns what cannot be cloned', async () => {
    const complained = vi.spyOn(console, 'error').mockImplementation(() => {})
    const heard: string[] = []
    const listener = (name: string, act: () => unknown) => (): unknown => {
      heard.push(name)
      return act()
    }
    const fail = (): never => {
      throw new Error('A view has a fault.')
    }
    const stops = [
      shell.transport.on('project.changed', listener('throws', fail)),
      shell.transport.on(
        'project.changed',
        listener('returns', () => new Proxy({}, {}))
      ),
      shell.transport.on(
        'project.changed',
        listener('last', () => undefined)
      )
    ]
    expect(await shell.transport.call('project.open', { path: scene.project })).toMatchObject({ ok: true })
    await vi.waitFor(() => expect(heard.slice(0, 3)).toEqual(['throws', 'returns', 'last']))
    for (const stop of stops) stop()
    complained.mockRestore()
    expect(await shell.transport.call('project.close', {})).toMatchObject({ ok: true })
  })

  it('keeps text as it is: accents, emoji, quotes, line breaks, markup', async () => {
    const value = 'Zoë "O\'Hara"\n<script>&amp; =1+1 \u2028 😀'
    await shell.transport.call('app.setPreference', { key: 'files.last', value })
    const stored = await shell.transport.call('app.preferences', {})
    expect(stored.ok && stored.value['files.last']).toBe(value)
  })

  it('brings events, until they are no longer listened to', async () => {
    const seen: EventPayload<'project.changed'>[] = []
    const stop = shell.transport.on('project.changed', (payload) => seen.push(payload))
    const opened = nextEvent(shell.transport, 'project.changed', ({ project }) => project !== null)
    await shell.transport.call('project.open', { path: scene.project })
    const { project } = await opened
    expect(project?.counts.total).toBe(4)
    stop()
    const before = seen.length
    const closed = nextEvent(shell.transport, 'project.changed', (payload) => payload.project === null)
    await shell.transport.call('project.close', {})
    await closed
    expect(before).toBeGreaterThan(0)
    expect(seen).toHaveLength(before)
  })

  it('says before it brings a project of an earlier Nomina up to date, once', async () => {
    const older = join(folder, 'older')
    closeStore(openStore(older, { create: true, migrations: migrations.slice(0, -1) }))
    const told: EventPayload<'project.updating'>[] = []
    const stop = shell.transport.on('project.updating', (update) => told.push(update))
    const { size } = statSync(join(older, databaseName))
    for (let times = 0; times < 2; times++) {
      await valueOf(shell.transport.call('project.open', { path: older }))
      await valueOf(shell.transport.call('project.close', {}))
    }
    const steps = [0, 1, 2].map((done) => ({ bytes: size, step: { done, of: 3 } }))
    const parts = () => told.filter(({ step }) => Number.isInteger(step?.done ?? 0)) // and how much is copied
    await vi.waitFor(() => expect(parts()).toEqual([{ bytes: size }, ...steps]))
    stop()
  })

  it('never decides in another project than the one that was shown', async () => {
    await shell.transport.call('project.open', { path: scene.project })
    const { ids } = await valueOf(shell.transport.call('fields.ids', { filter: {}, order: 'file' }))
    const before = await valueOf(shell.transport.call('fields.rows', { ids }))
    const project = `${scene.project} of somebody else`
    for (const reply of [
      await shell.transport.call('review.decide', { ids: [ids[0]!], kind: 'blank', project }),
      await shell.transport.call('review.undo', { project }),
      await shell.transport.call('review.redo', { project })
    ])
      expect(reply).toMatchObject({ ok: false, error: { code: 'other-project' } })
    expect(await valueOf(shell.transport.call('fields.rows', { ids }))).toEqual(before)
    const { path } = await valueOf(shell.transport.call('project.info', {}))
    expect(await shell.transport.call('review.decide', { ids: [ids[0]!], kind: 'blank', project: path })).toMatchObject(
      { ok: true }
    )
    await shell.transport.call('review.undo', { project: path })
  })

  it('decides on all that pass a filter, and on none where others pass than were shown', async () => {
    await shell.transport.call('project.open', { path: scene.project })
    const filter = { status: 'undecided' } as const
    const { ids, passing } = await valueOf(shell.transport.call('fields.ids', { filter, order: 'file' }))
    const decide = (total: number) =>
      shell.transport.call('review.decide', { ids: [], all: { filter, except: [ids[0]!], total }, kind: 'blank' })
    expect(await decide(passing + 1)).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(await decide(passing)).toMatchObject({ ok: true, value: { changed: ids.length - 1 } })
    expect((await valueOf(shell.transport.call('fields.ids', { filter, order: 'file' }))).ids).toEqual([ids[0]])
    await shell.transport.call('review.undo', {})
    expect(await shell.transport.call('review.decide', { ids: [], kind: 'blank' })).toMatchObject({ ok: false })
  })

  it('shows images by id', async () => {
    await shell.transport.call('project.open', { path: scene.project })
    const { imageUrl } = await import('../../src/renderer/src/host')
    const rows = await shell.transport.call('fields.rows', { ids: scene.fieldIds })
    const row = rows.ok ? rows.value.rows.find((candidate) => candidate.width > 0) : undefined
    for (const size of ['thumbnail', 'full'] as const) {
      const { status, headers, bytes } = await shell.get(imageUrl(row!, size))
      expect(status).toBe(200)
      expect(headers.get('content-type')).toMatch(/^image\/(png|jpeg|webp)$/)
      expect(headers.get('cache-control')).toContain('immutable')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(bytes.length).toBeGreaterThan(50)
    }
  })

  it.each([
    'crop/999999/full',
    'crop/1/screen',
    'page/999999/full',
    'page/1/enormous',
    'template/999999/screen',
    'template/1/thumbnail',
    'crop/0/full',
    'crop/1e0/full',
    'crop/1/enormous',
    'crop/1/full/more',
    'crop/..%2f..%2fetc%2fpasswd/full',
    'crop/%2fetc%2fpasswd/full',
    'crop/C:%5Cscan.png/full',
    'crop/name%201.png/full'
  ])('has no image %s', async (path) => {
    const { status, headers } = await shell.get(path)
    expect(status).toBe(404)
    expect(headers.get('content-type')).toContain('text/plain')
  })

  it('serves the page with a policy that runs only its own scripts', async () => {
    const { status, headers } = await shell.get('index.html')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('text/html')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/)
  })

  it.each([
    'secret.txt',
    '..%2fsecret.txt',
    '%2e%2e/secret.txt',
    '..%5csecret.txt',
    'assets/',
    'assets/../../secret.txt'
  ])('has no file %s', async (path) => {
    expect((await shell.get(path)).status).toBe(404)
  })
}

/** What of an answer is not as the contract says. */
function misfits(name: EndpointName, value: unknown): string[] {
  const { issues } = v.safeParse(endpoints[name].output as v.GenericSchema, value)
  return (issues ?? []).map((issue) => `${v.getDotPath(issue)}: ${issue.message}`)
}

function nextEvent<N extends EventName>(
  transport: Transport,
  name: N,
  wanted: (payload: EventPayload<N>) => boolean
): Promise<EventPayload<N>> {
  return new Promise((resolve) => {
    const stop = transport.on(name, (payload) => {
      if (!wanted(payload)) return
      stop()
      resolve(payload)
    })
  })
}

const finishedRun = (transport: Transport): Promise<EventPayload<'run.progress'>> =>
  nextEvent(transport, 'run.progress', ({ status }) => status !== 'running' && status !== 'paused')
