/** What is dropped on the window or given to the app: a project is opened, anything else is scans to take in. */
import { askDropped, ConnectionLost, host } from '../host'
import { t } from '../i18n'
import { inWords } from '../i18n/core'
import { call } from './api'
import { orToast } from './orToast'
import { entriesOf, filesIn, type Found } from './dropped'
import { session } from './session.svelte'
import { toast } from './toasts.svelte'

export async function give(paths: string[]): Promise<void> {
  await orToast(async () => {
    const path = paths.length === 1 ? paths[0] : undefined
    const folder = path === undefined ? null : await call('folders.list', { path }).catch(() => null)
    if (path !== undefined && folder?.project && folder.path === path) {
      session.setProject(await call('project.open', { path }))
      return
    }
    session.given = paths
    // Beside the list of projects it is a project of its own.
    session.go(session.project && session.view !== 'home' ? 'import' : 'home')
  })
}

/** A drop that is under way: files hang over the window, or are being copied. */
class Dropping {
  over = $state(false)
  /** Null: nothing is being copied. `total` 0: what was dropped is being looked at. */
  copying = $state<{ done: number; total: number } | null>(null)
  stopped = false

  stop(): void {
    this.stopped = true
  }
}
export const dropping = new Dropping()

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

export function dragOver(event: DragEvent): void {
  event.preventDefault()
  dropping.over = hasFiles(event) && session.info?.role === 'owner' && !document.querySelector('[role=dialog]')
}

/** Only where the pointer leaves the window. */
export function dragLeave(event: DragEvent): void {
  if (event.relatedTarget === null) dropping.over = false
}

export function drop(event: DragEvent): void {
  dropping.over = false
  const taken = event.defaultPrevented // by a part of a view that wants the file itself
  event.preventDefault() // a browser would leave the page for the file
  const { dataTransfer } = event
  if (taken || !dataTransfer || !hasFiles(event) || session.info?.role !== 'owner' || dropping.copying) return
  const files = [...dataTransfer.files]
  if (!host.pathOf) void copy(entriesOf(dataTransfer))
  else if (files.length > 0) void give(files.map(host.pathOf))
}

/** A browser gives a page what is in files, never where they lie; Nomina reads scans where they lie: so they are copied. */
async function copy(entries: FileSystemEntry[]): Promise<void> {
  dropping.copying = { done: 0, total: 0 }
  dropping.stopped = false
  await orToast(async () => {
    const found = await filesIn(entries)
    const folder = found.files.length === 0 ? null : await send(found)
    if (found.files.length === 0) toast('note', t('import:drop.nothing'))
    if (folder === null) return
    const left = found.left > 0 ? ` ${t('import:drop.left', { count: found.left })}` : ''
    toast('done', t('import:drop.copied', { count: found.files.length, folder }) + left)
    await give([folder])
  })
  dropping.copying = null
}

/** @returns the folder they are in now; null where a person stopped it: then nothing of them is kept */
async function send({ name, files }: Found): Promise<string | null> {
  const begun = await ask(`?name=${encodeURIComponent(name ?? t('import:drop.scans'))}`, 'POST')
  const { batch, folder } = begun as { batch: string; folder: string }
  try {
    for (const [done, { path, file }] of files.entries()) {
      if (dropping.stopped) break
      dropping.copying = { done, total: files.length }
      await ask(`/${batch}/${encodeURIComponent(path)}`, 'PUT', file)
    }
    if (!dropping.stopped) return folder
  } catch (error) {
    if (!(error instanceof ConnectionLost)) await ask(`/${batch}`, 'DELETE').catch(() => undefined)
    throw error
  }
  await ask(`/${batch}`, 'DELETE')
  return null
}

async function ask(path: string, method: 'POST' | 'PUT' | 'DELETE', body?: Blob): Promise<unknown> {
  const reply = await askDropped!(path, method, body)
  if (reply.ok) return reply.value
  throw new Error(inWords(reply.error))
}
