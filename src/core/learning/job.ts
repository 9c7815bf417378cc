/** Learning as a job of a project: a round on what was decided, and a second one on what is read with that. */
import * as v from 'valibot'
import { NominaError, say } from '../../shared/failure'
import type { Job, JobControl, Kind } from '../jobs'
import type { Project } from '../project'
import { decidedToLearn, listGenerations, undecidedToLearn, type StoredGeneration } from '../store/generations'
import { learnerCommand } from './environment'
import { runRound } from './round'
import { waitsFor } from './settings'
import { projectReader } from './use'

const parameters = v.object({ budget: v.optional(v.number(), 60) })
export type LearnOptions = v.InferInput<typeof parameters>

/** What else a job's record says: `models.id` of the reader, and how many fields it had to learn from. */
export const tried = v.object({ reader: v.number(), decided: v.number() })

export const learning: Kind<Project> = {
  name: 'learn',
  words: 'Learning',
  isStage: true,
  goesOnByItself: (project) => waitsFor(project) === null,
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
  const { asked, readerId } = projectReader(project)
  const taught = decidedToLearn(project.db, asked)
  if (!taught.some(({ text }) => text)) throw new NominaError('refused', say('nothingToLearn'))
  const told = { reader: readerId, decided: taught.length } satisfies v.InferInput<typeof tried>
  return project.jobs.start(learning, { ...given, ...told }, (job) => learn(project, { ...given, command }, job))
}

async function learn(
  project: Project,
  given: { budget: number; command: ReturnType<typeof learnerCommand> },
  job: JobControl
): Promise<LearnResult> {
  const known = listGenerations(project.db, projectReader(project).readerId).length
  for (const selfTraining of [false, true]) {
    await job.whenNotPaused()
    const reader = projectReader(project)
    if (selfTraining && undecidedToLearn(project.db, reader.asked, 1).length === 0) break
    const { taken } = await runRound(project, { ...given, reader, selfTraining }, job)
    // The shipped reader is no teacher for the rest; a generation that is in use may be, where a new one was not better.
    if (!taken && reader.modelId === reader.readerId) break
  }
  return { generations: listGenerations(project.db, projectReader(project).readerId).slice(known) }
}
