/** What a person waits for and may cancel: it tells how far it is, ends when asked, and leaves nothing half done. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Core, WindowSession } from '../../src/core'
import { closeStore } from '../../src/core/store'
import type { Input } from '../../src/shared/contract'
import type { QuickJob } from '../../src/shared/contract/jobs'
import { makeProject } from '../fixtures/big-project'
import { plainExport } from '../fixtures/plain-export'
import { createTestCore } from './core'

const temporary = mkdtempSync(join(tmpdir(), 'nomina-quick-'))
const folder = join(temporary, 'out')
const out = join(folder, 'all.csv')
const everything: Input<'export.write'> = {
  out,
  format: 'full',
  rows: 'all',
  ...plainExport,
  overwrite: false
}
let core: Core
let window: WindowSession
let heard: QuickJob[][] = []

beforeAll(async () => {
  core = await createTestCore(join(temporary, 'home'), 'browser')
  const path = join(temporary, 'project')
  closeStore(makeProject(path, { fields: 20_000, decided: 10_000 }))
  window = core.window()
  await window.open(path)
  window.on('runs.quick', ({ jobs }) => heard.push(jobs))
})
afterAll(async () => {
  await core?.close()
  rmSync(temporary, { recursive: true, force: true })
})

const told = (kind: QuickJob['kind']): QuickJob[] => heard.flat().filter((job) => job.kind === kind)

/** Cancels the first job of this kind that is so far. */
function cancelOnceBegun(kind: QuickJob['kind'], least = 1): void {
  const stop = window.on('runs.quick', ({ jobs }) => {
    const begun = jobs.find((job) => job.kind === kind && job.done >= least)
    if (!begun) return
    stop()
    void window.call('runs.cancelQuick', { id: begun.id })
  })
}

it('an export is cancelled half way, nothing of it is there, and the same export is written afterwards', async () => {
  mkdirSync(folder)
  heard = []
  cancelOnceBegun('export')
  const reply = await window.call('export.write', everything)
  expect(reply).toMatchObject({ ok: false, error: { code: 'cancelled', said: { key: 'stopped' } } })
  expect(readdirSync(folder)).toEqual([])
  expect(await window.call('runs.quick', {})).toEqual({ ok: true, value: [] })
  heard = []
  expect(await window.call('export.write', everything)).toMatchObject({ ok: true, value: { rows: 20_000 } })
  expect(told('export').some(({ done, total }) => total === 20_000 && done > 0)).toBe(true)
  expect(heard.at(-1)).toEqual([])
  expect(existsSync(out)).toBe(true)
})

it('a list is cancelled half way and nothing of it is known; it can be added again', async () => {
  const path = join(temporary, 'names.csv')
  const rows = Array.from({ length: 60_000 }, (_, index) => `N${index.toString(36)}`)
  writeFileSync(path, `NAME\n${rows.join('\n')}\n`)
  const input = { path, name: 'Names', columns: { kind: 'surname', text: 'NAME', count: null, fields: null } } as const
  cancelOnceBegun('addList')
  expect(await window.call('lexicon.import', input)).toMatchObject({ ok: false, error: { code: 'cancelled' } })
  expect(await window.call('lexicon.list', {})).toMatchObject({ value: { lexicons: [] } })
  expect(await window.call('lexicon.import', input)).toMatchObject({ value: { lexicon: { entries: 60_000 } } })
})

it('files are compared with their new place as far as a person waits', async () => {
  const moved = join(temporary, 'moved')
  mkdirSync(moved)
  const roots = await window.call('project.info', {})
  const from = (roots as unknown as { value: { roots: { path: string }[] } }).value.roots[0]!.path
  cancelOnceBegun('relink', 0)
  expect(await window.call('relink.preview', { from, to: moved })).toMatchObject({ error: { code: 'cancelled' } })
  expect(await window.call('relink.preview', { from, to: moved })).toMatchObject({ ok: true, value: { same: 0 } })
})

it('a look at what an import would do is cancelled, and asked for again', async () => {
  const scans = join(temporary, 'scans')
  mkdirSync(scans)
  cancelOnceBegun('previewImport', 0)
  expect(await window.call('import.preview', { paths: [scans] })).toMatchObject({ error: { code: 'cancelled' } })
  expect(await window.call('import.preview', { paths: [scans] })).toMatchObject({ ok: true })
})

it('files that are taken out and brought back say how far they are', async () => {
  const fieldIds = Array.from({ length: 5000 }, (_, index) => index + 1)
  heard = []
  const removed = await window.call('removal.remove', { fieldIds })
  expect(removed).toMatchObject({ ok: true })
  expect(told('remove').some(({ done, total }) => total !== null && done > 0 && done <= total)).toBe(true)
  const { removal } = (removed as { value: { removal: number } }).value
  expect(await window.call('removal.bringBack', { removal })).toMatchObject({ ok: true })
  expect(told('bringBack').length).toBeGreaterThan(0)
  expect(heard.at(-1)).toEqual([])
})

it.each(['export', 'addList'] as const)(
  'the project is closed while %s goes on: all end by name, nothing is half done, and all can be asked for again',
  async (kind) => {
    const names = join(temporary, `${kind}.csv`)
    writeFileSync(names, `NAME\n${Array.from({ length: 60_000 }, (_, index) => `N${index}`).join('\n')}\n`)
    const columns = { kind: 'surname', text: 'NAME', count: null, fields: null } as const
    const written = join(temporary, kind)
    mkdirSync(written)
    const begun = new Promise<void>((resolve) => {
      const stop = window.on('runs.quick', ({ jobs }) => {
        if (!jobs.some((job) => job.kind === kind && job.done > 0)) return
        stop()
        resolve()
      })
    })
    const ask = () => [
      window.call('export.write', { ...everything, out: join(written, 'all.csv') }),
      window.call('lexicon.import', { path: names, name: kind, columns }),
      window.call('dataset.overview', {})
    ]
    const asked = ask()
    await begun
    await window.close()
    const refused = (await Promise.all(asked)).filter((reply) => !reply.ok)
    expect(refused.length).toBeGreaterThan(0)
    for (const reply of refused) expect(reply).toMatchObject({ error: { code: 'no-project' } })
    expect(readdirSync(written).filter((name) => name !== 'all.csv')).toEqual([])
    await window.open(join(temporary, 'project'))
    if (existsSync(join(written, 'all.csv'))) return
    for (const reply of await Promise.all(ask())) expect(reply).toMatchObject({ ok: true })
  }
)
