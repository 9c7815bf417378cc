/** One round: from decisions to a generation that is stored, judged, and used where it is better. */
import { mkdir } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { loadModel } from '../../reading/models'
import { NominaError, say } from '../../shared/failure'
import type { JobControl } from '../jobs'
import { describeModels } from '../models/installed'
import { keepModel, modelWithId, ownModelsFolder, refreshOwnModels, type Project } from '../project'
import { immediate } from '../store'
import { insertGeneration, listGenerations, readerOf } from '../store/generations'
import { rememberModel } from '../store/models'
import type { LearnerCommand } from './client'
import { describe, type StoredCharacter } from './describe'
import type { RoundProgress, RoundResult } from './protocol'
import { writeRows } from './rows'
import { exchange, type ReaderInUse } from './use'

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
export async function runRound(project: Project, options: RoundOptions, job: JobControl): Promise<RoundResult> {
  const { db, app } = project
  const { command, reader, budget, selfTraining } = options
  const base = modelWithId(project, reader.readerId)
  if (!base) throw new NominaError('not-found', say('readerGone'))
  const inUse = reader.modelId === reader.readerId ? null : modelWithId(project, reader.modelId)
  const rows = await writeRows(project, reader.asked, { selfTraining, signal: job.signal })
  const out = ownModelsFolder(project)
  await mkdir(out, { recursive: true })
  await keepModel(project, base)
  const number = nextNumber(project, reader.readerId, base.manifest.id)
  const result = await app.learner.round(
    command,
    {
      base: base.manifestPath,
      inUse: inUse?.manifestPath ?? null,
      out,
      name: `${base.manifest.id}-${number}`,
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
      baseId: reader.readerId,
      modelId: id,
      file: `${base.manifest.id}-${number}.json`,
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
  if (result.taken) await exchange(project, reader, modelId)
  tell(project, modelId, result.taken)
  return result
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

/** Files that another round left behind, or that were copied here, are no generation's. */
function nextNumber(project: Project, readerId: number, id: string): number {
  let number = (listGenerations(project.db, readerId).at(-1)?.number ?? 0) + 1
  while (existsSync(join(ownModelsFolder(project), `${id}-${number}.json`))) number++
  return number
}

function report(job: JobControl, { phase, epoch, epochs }: RoundProgress): void {
  job.report({ done: epoch ?? 0, total: epochs ?? null, failed: 0, message: phase })
}
