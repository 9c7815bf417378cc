/**
 * Files that were dropped on the page: a browser never says where they lie, so they are copied to where Nomina can read them again,
 * into a folder of the app's data. `POST /dropped?name=…` makes the folder, `PUT /dropped/<batch>/<path>` a file in it, `DELETE
 * /dropped/<batch>` takes all of it away.
 */
import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { lstat, mkdir, rename, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname, join, parse } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { messageOf, NominaError, say } from '../shared/failure'
import { numbered } from '../shared/numbered'
import { sendJson } from './send'

/** Of one drop. */
const mostFiles = 20_000
const mostBytes = 16 * 1024 ** 3
/** Drops that may still get files; an older one is over. */
const mostOpen = 8
const mostSteps = 16

interface Batch {
  folder: string
  files: number
  bytes: number
}

export type Dropped = (
  path: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse
) => Promise<void>

/** Answers what is asked under `/dropped`, of the owner. @param dataDir in which `dropped` is made */
export function takeDropped(dataDir: string): Dropped {
  const batches = new Map<string, Batch>()

  async function begin(given: string): Promise<{ batch: string; folder: string }> {
    const day = new Date().toISOString().slice(0, 10)
    const name = [...(stepOf(given) ?? 'scans')].slice(0, 60).join('')
    const folder = await freeFolder(join(dataDir, 'dropped'), `${day} ${name}`.trim())
    const batch = randomUUID()
    batches.set(batch, { folder, files: 0, bytes: 0 })
    for (const old of batches.keys()) if (batches.size > mostOpen) batches.delete(old)
    return { batch, folder }
  }

  async function put(batch: Batch, path: string, request: IncomingMessage): Promise<void> {
    const steps = path.split('/').map((step) => stepOf(step))
    if (steps.length > mostSteps || steps.some((step) => step === null))
      throw new NominaError('invalid-input', say('droppedName', { path }))
    if (++batch.files > mostFiles) throw new NominaError('too-large', say('droppedTooMany', { most: mostFiles }))
    const target = join(batch.folder, ...(steps as string[]))
    const temporary = `${target}.${randomUUID()}.part`
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        batch.bytes += chunk.length
        if (batch.bytes > mostBytes)
          done(new NominaError('too-large', say('droppedTooLarge', { most: mostBytes / 1024 ** 3 })))
        else done(null, chunk)
      }
    })
    try {
      await mkdir(dirname(target), { recursive: true })
      await pipeline(request.iterator({ destroyOnReturn: false }), count, createWriteStream(temporary, { flags: 'wx' }))
      await rename(temporary, await freeFile(target))
    } catch (error) {
      await rm(temporary, { force: true })
      if (error instanceof NominaError) throw error
      throw new NominaError('refused', say('droppedNotWritten', { path: target, why: messageOf(error) }), {
        cause: error
      })
    }
  }

  async function answer(path: string, query: URLSearchParams, request: IncomingMessage): Promise<unknown> {
    if (path === '' && request.method === 'POST') return begin(query.get('name') ?? '')
    const [id = '', ...rest] = path.split('/').slice(1)
    const batch = batches.get(id)
    if (!batch) throw new NominaError('not-found', say('droppedOver'))
    if (request.method === 'PUT' && rest.length > 0) return put(batch, decodeURIComponent(rest.join('/')), request)
    if (request.method !== 'DELETE' || rest.length > 0) throw new NominaError('refused', 'Files are dropped with PUT.')
    batches.delete(id)
    await rm(batch.folder, { recursive: true, force: true })
  }

  return async (path, query, request, response) => {
    try {
      sendJson(request, response, 200, { ok: true, value: (await answer(path, query, request)) ?? null })
    } catch (error) {
      if (response.destroyed) return
      const failure = error instanceof NominaError ? error : new NominaError('internal', messageOf(error))
      const { code, message, said } = failure
      sendJson(request, response, 200, { ok: false, error: { code, message, ...(said && { said }) } })
    }
  }
}

/** A name of a file or folder that every system takes as it is; null where it is none. */
function stepOf(given: string): string | null {
  // eslint-disable-next-line no-control-regex -- no system takes them
  const step = given.normalize('NFC').replace(/[\u0000-\u001f\u007f<>:"|?*\\/]/g, '_')
  return step === '' || /^\.+$/.test(step) || Buffer.byteLength(step) > 200 ? null : step
}

/** Files of one name may be dropped from several folders at once: none takes another's place. */
async function freeFile(target: string): Promise<string> {
  const { dir, name, ext } = parse(target)
  for (let number = 1; ; number++) {
    const file = join(dir, numbered(name, number, ext))
    if (!(await lstat(file).catch(() => null))) return file
  }
}

/** Makes `name`, or `name 2`, `name 3` … where that is there. */
async function freeFolder(parent: string, name: string): Promise<string> {
  await mkdir(parent, { recursive: true })
  for (let number = 1; ; number++) {
    const folder = join(parent, numbered(name, number))
    try {
      await mkdir(folder)
      return folder
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}
