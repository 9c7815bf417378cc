/** Learning as a job of a project: for each of its readers a round on what was decided, and a second one on what is read with that. */
import * as v from 'valibot'
import { NominaError, say } from '../../shared/failure'
import type { Job, JobControl, Started } from '../jobs'
import { readersInUse, type Project } from '../project'
import { decidedToLearn, listGenerations, undecidedToLearn, type StoredGeneration } from '../store/generations'
import { learnerCommand } from './environment'
import { runRound } from './round'
import { settingsOf, waitsFor } from './settings'
import { readerInUse } from './use'

const parameters = v.object({
  budget: v.optional(v.number(), 60),
  /** `models.id` of the readers that learn; without them all that fields were decided for. */
  readers: v.optional(v.array(v.number()))
})
export type LearnOptions = v.InferInput<typeof parameters>

/** What else a job's record says: `models.id` of each reader and of what it begins from, and how many fields it had to learn from. */
export const tried = v.object({
  tried: v.array(v.object({ reader: v.number(), base: v.optional(v.number()), decided: v.number() }))
})

export const learning: Started<Project> = {
  name: 'learn',
  isStage: true,
  goesOnByItself: (project) => waitsFor(project) === null,
  start: (project) => startLearning(project, { budget: settingsOf(project.db).budget }),
  again: (project, given) => startLearning(project, v.parse(parameters, given))
}

/** What a job of learning made: its generations, oldest first. */
export interface LearnResult {
  generations: StoredGeneration[]
}

/**
 * Learns from every decision that was made while its ink was looked at. What is better is used at once.
 * @throws NominaError `not-set-up`, `refused` (nothing to learn from), `not-found` (no reader), `busy`
 */
export function startLearning(project: Project, options: LearnOptions = {}): Job {
  const given = v.parse(parameters, options)
  const command = learnerCommand(project.app)
  const readers = readersInUse(project).filter(({ readerId }) => given.readers?.includes(readerId) ?? true)
  if (!readers.length) readerInUse(project) // says what is missing
  const taught = readers
    .map(({ asked, ...reader }) => ({ ...reader, fields: decidedToLearn(project.db, asked) }))
    .filter(({ fields }) => fields.some(({ text }) => text))
  if (!taught.length) throw new NominaError('refused', say('nothingToLearn'))
  const told = {
    tried: taught.map(({ readerId, baseId, fields }) => ({ reader: readerId, base: baseId, decided: fields.length }))
  } satisfies v.InferInput<typeof tried>
  const ids = taught.map(({ readerId }) => readerId)
  return project.jobs.start(learning, { ...given, readers: ids, ...told }, (job) =>
    learn(project, { ...given, command, ids }, job)
  )
}

interface Given {
  budget: number
  command: ReturnType<typeof learnerCommand>
  /** `models.id` of the readers. */
  ids: readonly number[]
}

/** One after the other; one that can't learn keeps no other from it. */
async function learn(project: Project, { ids, ...given }: Given, job: JobControl): Promise<LearnResult> {
  const known = new Map(ids.map((id) => [id, listGenerations(project.db, id).length]))
  const failures: unknown[] = []
  for (const id of ids) {
    try {
      await learnWith(project, id, given, job)
    } catch (error) {
      job.signal.throwIfAborted()
      if (!(error instanceof NominaError)) throw error
      failures.push(error)
    }
  }
  if (failures.length) throw failures[0]
  return { generations: ids.flatMap((id) => listGenerations(project.db, id).slice(known.get(id))) }
}

async function learnWith(project: Project, id: number, given: Omit<Given, 'ids'>, job: JobControl): Promise<void> {
  for (const selfTraining of [false, true]) {
    await job.whenNotPaused()
    const reader = readersInUse(project).find(({ readerId }) => readerId === id)
    // A person may have chosen another reader meanwhile.
    if (!reader) return
    // What is installed is no teacher for the rest; a generation that is in use may be, where a new one was not better.
    const canTeach = reader.modelId !== reader.baseId && undecidedToLearn(project.db, reader.asked, 1).length > 0
    if (selfTraining && !canTeach) return
    await runRound(project, { ...given, reader, selfTraining }, job)
  }
}
