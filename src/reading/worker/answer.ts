/** What a worker answers: the fields of a file, or why there are none. */
import { readFile } from 'node:fs/promises'
import { messageOf, NominaError } from '../../shared/failure'
import type { Quad } from '../../shared/forms'
import type { EngineResult } from '../engine'
import type { Model } from '../models'
import type { FieldRead, Reader } from '../reader'
import { hold, withFile, type Held, type Refused, type Request } from './request'

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
  /** The field as it was cut out of its page: a PNG in base64, where it was asked for. */
  crop?: string
}

/** `problems`: of pages and fields that could not be read, where others could. */
export type WorkerAnswer = { id: string; sha256: string; fields: WorkerField[]; problems?: string[] } | Refused

/** Bytes of files that are with the engine in one call. */
const BYTES_AT_ONCE = 16 * 1024 * 1024

/**
 * Answers files that are single fields, in order of finishing.
 * @throws NominaError `engine` where no process can be kept running; the signal's reason
 */
export async function answerFields(
  reader: Reader,
  model: Model,
  requests: readonly Request[],
  write: (answer: WorkerAnswer) => Promise<void>,
  signal?: AbortSignal
): Promise<void> {
  let held: (Held & { id: string })[] = []
  const read = async (): Promise<void> => {
    const results = await reader.readFields(model, held, signal).catch(reasonOf)
    for (const [at, { id, sha256 }] of held.entries()) {
      const answer = 'error' in results ? { id, ...results } : answerField(id, sha256, results[at]!, model)
      await write(answer)
    }
    held = []
  }
  let bytes = 0
  for (const request of requests) {
    const file = await hold(request).catch(reasonOf)
    if ('error' in file) {
      await write({ id: request.id, ...file })
      continue
    }
    held.push({ id: request.id, ...file })
    bytes += file.content?.length ?? 0
    if (bytes < BYTES_AT_ONCE) continue
    await read()
    bytes = 0
  }
  await read()
}

function answerField(id: string, sha256: string, result: EngineResult, model: Model): WorkerAnswer {
  if (!result.ok) return { id, error: result.reason }
  const { width, height } = result
  const quad: Quad = [0, 0, width, 0, width, height, 0, height]
  return { id, sha256, fields: [fieldOf(1, { name: '', quad, result }, model)!] }
}

/** Answers a file of pages. @throws NominaError `engine`; the signal's reason */
export async function answerPages(
  reader: Reader,
  request: Request,
  template: string,
  folder: string,
  signal?: AbortSignal
): Promise<WorkerAnswer> {
  const { id, model } = request
  const fields: WorkerField[] = []
  const problems: string[] = []
  const outcome = await withFile(request, folder, async (path) => {
    const { sha256, pages } = await reader.readPages(model, path, template, signal)
    for await (const page of pages) {
      if (page.reason !== null) problems.push(`Page ${page.number}: ${page.reason}`)
      for (const field of page.fields) {
        const read = fieldOf(page.number, field, model)
        if (read) fields.push(request.crops ? { ...read, crop: await readFile(field.crop, 'base64') } : read)
        else problems.push(`Page ${page.number}, ${field.name}: ${(field.result as { reason: string }).reason}`)
      }
    }
    return { sha256 }
  }).catch(reasonOf)
  if ('error' in outcome) return { id, ...outcome }
  return { id, ...outcome, fields, ...(problems.length ? { problems } : {}) }
}

/** A failure of the file, or of the model or template that was asked for. @throws anything else: nothing more can be read */
function reasonOf(error: unknown): { error: string } {
  if (!(error instanceof NominaError) || ['engine', 'cancelled'].includes(error.code)) throw error
  return { error: messageOf(error) }
}

function fieldOf(
  page: number,
  { name, quad, result }: Pick<FieldRead, 'name' | 'quad' | 'result'>,
  model: Model
): WorkerField | null {
  if (!result.ok) return null
  const { text, confidence, alternatives, characters } = result
  return { page, name, quad: cornersOf(quad), text, confidence, alternatives, spans: characters, model: model.hash }
}

const cornersOf = (quad: Quad): [number, number][] =>
  [0, 2, 4, 6].map((at) => [quad[at]!, quad[at + 1]!] as [number, number])
