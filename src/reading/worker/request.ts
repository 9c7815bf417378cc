/** What a worker is asked: a line becomes a file that is at hand, with its hash, or the reason why not. */
import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { messageOf, NominaError } from '../../shared/failure'
import { hashOfFile, reasonOfSystemError } from '../images'
import type { Model } from '../models'

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4096))

/** One request a line. `template`: the file's pages are laid on it; without it the file is one field. */
const requestSchema = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.maxLength(4096)),
    path: v.optional(text),
    /** The file itself, in base64, instead of its path. */
    bytes: v.optional(v.pipe(v.string(), v.base64('is not base64'))),
    template: v.optional(text),
    model: v.optional(text),
    crops: v.optional(v.boolean())
  }),
  v.check(({ path, bytes }) => (path === undefined) !== (bytes === undefined), 'give either "path" or "bytes"')
)

export interface Refused {
  /** null where the line could not be understood so far. */
  id: string | null
  error: string
}

export interface Request {
  id: string
  model: Model
  /** null: the file is one field. */
  template: string | null
  /** The fields' pictures are wanted too. */
  crops: boolean
  path: string | null
  /** From `bytes`; null: it is read from `path`. */
  content: Buffer | null
}

export interface RequestOptions {
  /** Read with where a request names none. */
  model: Model
  models: readonly Model[]
  /** Laid on the pages of requests that name none; absent: files are single fields. */
  template?: string | undefined
}

export function understand(line: string, options: RequestOptions): Request | Refused {
  let id: string | null = null
  try {
    const parsed: unknown = JSON.parse(line)
    const given = (parsed as { id?: unknown } | null)?.id
    if (typeof given === 'string') id = given
    const checked = v.safeParse(requestSchema, parsed, { abortEarly: true })
    if (!checked.success) return { id, error: `The request is not understood: ${describe(checked.issues[0])}.` }
    const {
      path = null,
      bytes,
      template = options.template ?? null,
      model: name,
      crops = false,
      id: known
    } = checked.output
    const model = options.models.find(({ manifest }) => manifest.id === name)
    if (name !== undefined && !model) return { id, error: `There is no model ${name}.` }
    const content = bytes === undefined ? null : Buffer.from(bytes, 'base64')
    return { id: known, model: model ?? options.model, template, crops, path, content }
  } catch (error) {
    const reason = error instanceof SyntaxError ? `The line is not JSON: ${error.message}` : messageOf(error)
    return { id, error: reason }
  }
}

const describe = (issue: v.BaseIssue<unknown>): string => `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`

/** A file that is at hand. */
export interface Held {
  path: string
  /** undefined: too large to be held, it is read where it lies. */
  content: Buffer | undefined
  sha256: string
}

/** Bytes of one file that are held at most. */
const mostHeld = 64 * 1024 * 1024

/** Reads a request's file, once. @throws NominaError `unreadable` with a reason for people */
export async function hold({ path, content }: Request): Promise<Held> {
  if (content) return { path: 'the bytes', content, sha256: sha256Of(content) }
  try {
    const read = await readUpTo(path!, mostHeld)
    return { path: path!, content: read, sha256: read ? sha256Of(read) : await hashOfFile(path!) }
  } catch (error) {
    if (error instanceof NominaError) throw error
    throw new NominaError('unreadable', reasonOfSystemError(error) ?? `The file can't be read: ${messageOf(error)}.`)
  }
}

const sha256Of = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

async function readUpTo(path: string, most: number): Promise<Buffer | undefined> {
  // Opening a pipe would wait for its other end; on Windows there is no such flag.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = await file.stat()
    if (stats.isDirectory()) throw new NominaError('unreadable', 'This is a folder, not a file.')
    if (!stats.isFile()) throw new NominaError('unreadable', 'This is not a file but a pipe or a device.')
    return stats.size > most ? undefined : await file.readFile()
  } finally {
    await file.close()
  }
}

/** Runs `work` with a file for processes that know files only; one that was made for it is removed afterwards. */
export async function withFile<T>(
  { path, content }: Request,
  folder: string,
  work: (path: string) => Promise<T>
): Promise<T> {
  if (!content) return work(path!)
  const made = join(folder, randomUUID())
  try {
    await writeFile(made, content)
    return await work(made)
  } finally {
    await rm(made, { force: true })
  }
}
