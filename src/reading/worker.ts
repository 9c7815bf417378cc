/** Reading as a filter: requests in, results out, one JSON object a line. Any engine that can feed a pipe can drive it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { messageOf, NominaError } from '../shared/failure'
import type { Quad } from '../shared/forms'
import type { EngineResult } from './engine'
import { hashOfFile } from './images'
import type { Model } from './models'
import type { FieldRead, Reader } from './reader'

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4096))

/** One request a line. `template`: the file's pages are laid on it; without it the file is one field. */
const requestSchema = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.maxLength(4096)),
    path: v.optional(text),
    /** The file itself, in base64, instead of its path. */
    bytes: v.optional(v.pipe(v.string(), v.base64('is not base64'))),
    template: v.optional(text),
    model: v.optional(text)
  }),
  v.check(({ path, bytes }) => (path === undefined) !== (bytes === undefined), 'give either "path" or "bytes"')
)
type Request = v.InferOutput<typeof requestSchema>

export interface WorkerField {
  /** From 1. */
  page: number
  /** Of the template's field; empty where the file is one field. */
  name: string
  /** Corners on the page, px, clockwise from top left. */
  quad: [number, number][]
  text: string
  confidence: number
  alternatives: { text: string; probability: number }[]
  spans: { text: string; confidence: number; start: number; end: number }[]
  /** Hash of the model that read it. */
  model: string
}

interface Refused {
  /** null where the line could not be understood so far. */
  id: string | null
  error: string
}

export type WorkerAnswer = { id: string; sha256: string; fields: WorkerField[]; problems?: string[] } | Refused

export interface WorkerOptions {
  /** Read with where a request names none. */
  model: Model
  models: readonly Model[]
  /** Laid on the pages of requests that name none; absent: files are single fields. */
  template?: string | undefined
  signal?: AbortSignal
}

/** Requests that are worked on together: they fill the batches of a network. */
const AT_ONCE = 64
/** Such groups under way: one is decoded while another is computed. */
const IN_FLIGHT = 3

/**
 * Answers every line, in order of finishing, and never more than a bounded number at once: a slow reader of the answers
 * slows down the taking of requests. A request that fails is answered with its reason.
 * @param write resolves when the answer may leave memory
 * @throws NominaError `engine` where no process can be kept running; the signal's reason
 */
export async function runWorker(
  reader: Reader,
  lines: AsyncIterable<string>,
  write: (answer: WorkerAnswer) => Promise<void>,
  options: WorkerOptions
): Promise<void> {
  // Before anything is waited for: lines that come while nobody listens are lost.
  const iterator = lines[Symbol.asyncIterator]()
  const folder = await mkdtemp(join(tmpdir(), 'nomina-worker-'))
  const flights = new Set<Promise<void>>()
  let failure: { error: unknown } | null = null
  const start = (group: string[]): void => {
    const flight = answerGroup(reader, group, folder, write, options)
      .catch((error: unknown) => void (failure ??= { error }))
      .then(() => void flights.delete(flight))
    flights.add(flight)
  }
  try {
    let group: string[] = []
    for await (const line of grouped(iterator)) {
      options.signal?.throwIfAborted()
      if (line !== null && line.trim()) group.push(line)
      if (group.length === 0 || (line !== null && group.length < AT_ONCE)) continue
      start(group)
      group = []
      if (flights.size >= IN_FLIGHT) await Promise.race(flights)
      if (failure) break
    }
    if (group.length) start(group)
    await Promise.all(flights)
  } finally {
    await Promise.allSettled(flights)
    await rm(folder, { recursive: true, force: true })
  }
  if (failure) throw (failure as { error: unknown }).error
}

/** The lines, and null where the next one is not there at once: what has come must not wait for it. */
async function* grouped(iterator: AsyncIterator<string>): AsyncGenerator<string | null> {
  for (;;) {
    const next = iterator.next()
    const idle = new Promise<null>((resolve) => setTimeout(resolve, 2, null))
    if ((await Promise.race([next, idle])) === null) yield null
    const { value, done } = await next
    if (done) return
    yield value
  }
}

interface Prepared {
  request: Request
  path: string
  model: Model
}

async function answerGroup(
  reader: Reader,
  lines: string[],
  folder: string,
  write: (answer: WorkerAnswer) => Promise<void>,
  options: WorkerOptions
): Promise<void> {
  const fields = new Map<Model, Prepared[]>()
  for (const line of lines) {
    const prepared = await prepare(line, folder, options)
    if ('error' in prepared) await write(prepared)
    else if (prepared.request.template ?? options.template) await write(await answerPages(reader, prepared, options))
    else fields.set(prepared.model, [...(fields.get(prepared.model) ?? []), prepared])
  }
  for (const [model, group] of fields) {
    const results = await reader.readFields(model, group, options.signal)
    for (const [at, prepared] of group.entries()) await write(await answerField(prepared, results[at]!))
  }
}

async function prepare(line: string, folder: string, options: WorkerOptions): Promise<Prepared | Refused> {
  let id: string | null = null
  try {
    const parsed: unknown = JSON.parse(line)
    const given = (parsed as { id?: unknown } | null)?.id
    if (typeof given === 'string') id = given
    const checked = v.safeParse(requestSchema, parsed, { abortEarly: true })
    if (!checked.success) return { id, error: `The request is not understood: ${describe(checked.issues[0])}.` }
    const request = checked.output
    const model = options.models.find(({ manifest }) => manifest.id === request.model)
    if (request.model !== undefined && !model) return { id, error: `There is no model ${request.model}.` }
    return { request, model: model ?? options.model, path: request.path ?? (await stored(folder, request.bytes!)) }
  } catch (error) {
    const reason = error instanceof SyntaxError ? `The line is not JSON: ${error.message}` : messageOf(error)
    return { id, error: reason }
  }
}

const describe = (issue: v.BaseIssue<unknown>): string => `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`

let nextFile = 1
async function stored(folder: string, base64: string): Promise<string> {
  const path = join(folder, String(nextFile++))
  await writeFile(path, Buffer.from(base64, 'base64'))
  return path
}

async function answerField({ request, path, model }: Prepared, result: EngineResult): Promise<WorkerAnswer> {
  if (!result.ok) return { id: request.id, error: result.reason }
  const { width, height } = result
  const quad: Quad = [0, 0, width, 0, width, height, 0, height]
  const field = fieldOf(1, { name: '', quad, blank: 0, result }, model)!
  return { id: request.id, sha256: await hashAndForget(request, path), fields: [field] }
}

async function answerPages(
  reader: Reader,
  { request, path, model }: Prepared,
  options: WorkerOptions
): Promise<WorkerAnswer> {
  try {
    const fields: WorkerField[] = []
    const problems: string[] = []
    for await (const page of reader.readPages(model, path, request.template ?? options.template!, options.signal)) {
      if (page.reason !== null) problems.push(`Page ${page.number}: ${page.reason}`)
      for (const field of page.fields) {
        const read = fieldOf(page.number, field, model)
        if (read) fields.push(read)
        else problems.push(`Page ${page.number}, ${field.name}: ${(field.result as { reason: string }).reason}`)
      }
    }
    const sha256 = await hashAndForget(request, path)
    return { id: request.id, sha256, fields, ...(problems.length ? { problems } : {}) }
  } catch (error) {
    // Without its processes nothing more can be read; anything else is this file's own.
    if (!(error instanceof NominaError) || ['engine', 'cancelled'].includes(error.code)) throw error
    return { id: request.id, error: error.message }
  }
}

async function hashAndForget(request: Request, path: string): Promise<string> {
  const sha256 = await hashOfFile(path)
  if (request.bytes !== undefined) await rm(path, { force: true })
  return sha256
}

function fieldOf(page: number, { name, quad, result }: FieldRead, model: Model): WorkerField | null {
  if (!result.ok) return null
  const { text, confidence, alternatives, characters } = result
  return { page, name, quad: cornersOf(quad), text, confidence, alternatives, spans: characters, model: model.hash }
}

const cornersOf = (quad: Quad): [number, number][] =>
  [0, 2, 4, 6].map((at) => [quad[at]!, quad[at + 1]!] as [number, number])
