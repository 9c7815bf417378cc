/** Reading as a filter: requests in, results out, one JSON object a line. Any engine that can feed a pipe can drive it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Model } from '../models'
import type { Reader } from '../reader'
import { answerFields, answerPages, type WorkerAnswer } from './answer'
import { understand, type Request, type RequestOptions } from './request'

export type { WorkerAnswer } from './answer'
export { linesOf } from './lines'

export interface WorkerOptions extends RequestOptions {
  signal?: AbortSignal
}

/** Requests that are worked on together: they fill the batches of a network. */
const AT_ONCE = 64
/** Characters of such requests: files in base64 are long. */
const CHARACTERS_AT_ONCE = 24 * 1024 * 1024
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
  const folder = await mkdtemp(join(tmpdir(), 'nomina-worker-'))
  const flights = new Set<Promise<void>>()
  let failure: { error: unknown } | null = null
  try {
    for await (const group of groupsOf(lines[Symbol.asyncIterator]())) {
      options.signal?.throwIfAborted()
      const flight = answerGroup(reader, group, folder, write, options)
        .catch((error: unknown) => void (failure ??= { error }))
        .then(() => void flights.delete(flight))
      flights.add(flight)
      if (flights.size >= IN_FLIGHT) await Promise.race(flights)
      if (failure) break
    }
  } finally {
    await Promise.all(flights)
    await rm(folder, { recursive: true, force: true })
  }
  if (failure) throw (failure as { error: unknown }).error
}

/** ms that a group is waited for once it has a line: what has come must not wait for what may never come. */
const PATIENCE_MS = 2

async function* groupsOf(lines: AsyncIterator<string>): AsyncGenerator<string[]> {
  let group: string[] = []
  let characters = 0
  for (;;) {
    const next = lines.next()
    // Whoever waits for it hears of its failure; nobody does any more once a group has failed.
    const come = next.then(
      () => true,
      () => true
    )
    const isFull = group.length === AT_ONCE || characters >= CHARACTERS_AT_ONCE
    if (group.length > 0 && (isFull || !(await isSoon(come)))) {
      yield group
      group = []
      characters = 0
    }
    const { value, done } = await next
    if (done) break
    if (!value.trim()) continue
    group.push(value)
    characters += value.length
  }
  if (group.length > 0) yield group
}

async function isSoon(come: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const impatient = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS, false)))
  const result = await Promise.race([come, impatient])
  clearTimeout(timer)
  return result
}

async function answerGroup(
  reader: Reader,
  lines: string[],
  folder: string,
  write: (answer: WorkerAnswer) => Promise<void>,
  options: WorkerOptions
): Promise<void> {
  const fields = new Map<Model, Request[]>()
  for (const line of lines) {
    const request = understand(line, options)
    if ('error' in request) await write(request)
    else if (request.template !== null)
      await write(await answerPages(reader, request, request.template, folder, options.signal))
    else fields.set(request.model, [...(fields.get(request.model) ?? []), request])
  }
  for (const [model, requests] of fields) await answerFields(reader, model, requests, write, options.signal)
}
