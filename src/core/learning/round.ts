/** One round: from decisions to a generation that is stored, judged, and used where it is better. */
import { mkdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { loadModel, type Model } from '../../reading/models'
import { NominaError, say } from '../../shared/failure'
import type { JobControl } from '../jobs'
import { describeModels } from '../models/installed'
import {
  keepModel,
  modelWithId,
  ownModelsFolder,
  readersInUse,
  refreshOwnModels,
  type Project,
  type ReaderInUse
} from '../project'
import { getSetting, immediate, setSetting } from '../store'
import { insertGeneration, listGenerations, readerOf } from '../store/generations'
import { rememberModel } from '../store/models'
import type { LearnerCommand } from './client'
import { describe, type StoredCharacter } from './describe'
import type { RoundProgress, RoundResult } from './protocol'
import { writeRows, type Rows } from './rows'
import { exchange } from './use'

export interface RoundOptions {
  command: LearnerCommand
  reader: ReaderInUse
  /** Seconds of training. */
  budget: number
  /** Undecided fields are learnt from too, as they are read. */
  selfTraining: boolean
}

/** More threads than these don't make so small a network faster. */
const MOST_THREADS = 8

/** @throws NominaError `not-found` the reader is not installed, `learner`, `refused` what it wrote is no model that can be used */
export async function runRound(project: Project, options: RoundOptions, job: JobControl): Promise<void> {
  const { reader, selfTraining } = options
  const base = modelWithId(project, reader.baseId)
  if (!base) throw new NominaError('not-found', say('readerGone'))
  const rows = await writeRows(project, reader.asked, { selfTraining, signal: job.signal })
  const out = ownModelsFolder(project)
  await mkdir(out, { recursive: true })
  await keepModel(project, base)
  const begun = beginGeneration(project, reader.readerId, base.manifest.id)
  try {
    await learnAndStore(project, { ...options, base, rows, out, number: begun.number }, job)
  } finally {
    begun.end()
  }
}

interface Begun extends RoundOptions {
  base: Model
  rows: Rows
  /** The folder that it is written to. */
  out: string
  number: number
}

async function learnAndStore(project: Project, begun: Begun, job: JobControl): Promise<void> {
  const { db, app } = project
  const { command, reader, budget, selfTraining, base, rows, out, number } = begun
  const inUse = reader.modelId === reader.baseId ? null : modelWithId(project, reader.modelId)
  const name = `${base.manifest.id}-${number}`
  const result = await app.learner.round(
    command,
    {
      base: base.manifestPath,
      inUse: inUse?.manifestPath ?? null,
      out,
      name,
      rows: rows.path,
      budget,
      device: 'cpu',
      threads: Math.min(MOST_THREADS, Math.max(1, availableParallelism() - 1)),
      selfTraining
    },
    { signal: job.signal, onProgress: (progress) => report(job, progress) }
  )
  const model = await loadModel(result.manifest)
  await refreshOwnModels(project)
  if (result.taken) await project.engine.load(model, app.options.provider ?? null)
  job.signal.throwIfAborted()
  const modelId = immediate(db, () => {
    const id = rememberModel(db, model)
    insertGeneration(db, {
      number,
      readerId: reader.readerId,
      baseId: reader.baseId,
      modelId: id,
      file: `${name}.json`,
      taken: result.taken ? 1 : 0,
      reason: result.reason,
      trainedOn: result.trainedOn,
      selfTraining: selfTraining ? 1 : 0,
      decided: rows.decided,
      judges: JSON.stringify(result.judges),
      learnt: JSON.stringify(result.learnt.map((one) => withFields(one, rows.fields))),
      dropped: JSON.stringify({ ...rows.leftOut, ...result.dropped }),
      epochs: result.epochs,
      seconds: result.seconds,
      runId: job.id
    })
    return id
  })
  // A person may have chosen another make of the reader meanwhile: that is not taken from them.
  const now = readersInUse(project).find(({ readerId }) => readerId === reader.readerId)
  const used = result.taken && now?.baseId === reader.baseId
  if (used) await exchange(project, now, modelId)
  tell(project, modelId, used)
}

/** What the learner knows by its picture is stored by its field. */
function withFields(
  { character, before, after, examples }: RoundResult['learnt'][number],
  fields: ReadonlyMap<string, number>
): StoredCharacter {
  const shown = examples.flatMap(({ sha256, text, before: was, after: now }) => {
    const fieldId = fields.get(sha256)
    return fieldId === undefined ? [] : [{ fieldId, text, before: was, after: now }]
  })
  return { character, before, after, examples: shown }
}

/** Windows hear of it; of one that is used now, in a line. */
function tell(project: Project, modelId: number, taken: boolean): void {
  const { app, db, events } = project
  const made = listGenerations(db, readerOf(db, modelId)).find((generation) => generation.modelId === modelId)!
  app.events.emit('models.changed', describeModels(app, null))
  events.emit('learning.changed', { arrived: taken ? describe(project, made, modelId) : null })
}

/**
 * The next number of a reader's generations, which no other round is given until this one ends: two processes may both learn, where
 * a clock jumps and one takes the other for dead. Files that a killed round left behind, or that were copied here, are no generation's.
 */
function beginGeneration(project: Project, readerId: number, id: string): { number: number; end(): void } {
  const { db } = project
  const begun = (): Record<string, number> => getSetting(db, 'generationsBegun') ?? {}
  const last = (): number => listGenerations(db, readerId).at(-1)?.number ?? 0
  const number = immediate(db, () => {
    let free = Math.max(last(), begun()[id] ?? 0) + 1
    while (existsSync(join(ownModelsFolder(project), `${id}-${free}.json`))) free++
    setSetting(db, 'generationsBegun', { ...begun(), [id]: free })
    return free
  })
  /** One that came to nothing gives its number back, unless another was begun since. */
  const end = (): void => {
    try {
      immediate(db, () => {
        if (begun()[id] === number) setSetting(db, 'generationsBegun', { ...begun(), [id]: last() })
      })
    } catch {
      // The store failed, and what ended the round says so: the number is passed over.
    }
  }
  return { number, end }
}

function report(job: JobControl, { phase, epoch, epochs }: RoundProgress): void {
  job.report({ done: epoch ?? 0, total: epochs ?? null, failed: 0, message: phase })
}
