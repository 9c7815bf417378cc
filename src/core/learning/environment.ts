/** Where the learner is: the environment that was set up on this machine. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { NominaError, say } from '../../shared/failure'
import type { App } from '../app'
import type { LearnerCommand } from './client'

/** What `nomina learning setup` leaves in the user's data folder. */
export const environment = v.object({
  /** What starts the learner: a program and its arguments. */
  command: v.pipe(v.array(v.string()), v.minLength(1)),
  /** Nomina's version that set it up. */
  version: v.string(),
  /** Whether the packages lie in our own folder, which is removed with it. */
  own: v.boolean(),
  /** sha256 of the training package that is installed in it. */
  wheel: v.optional(v.string())
})
export type Environment = v.InferOutput<typeof environment>

export const environmentFolder = (dataDir: string): string => join(dataDir, 'learner')
export const environmentFile = (dataDir: string): string => join(environmentFolder(dataDir), 'environment.json')

/** null: it was not set up, or its file is broken. */
export function readEnvironment(dataDir: string): Environment | null {
  try {
    return v.parse(environment, JSON.parse(readFileSync(environmentFile(dataDir), 'utf8')))
  } catch {
    return null
  }
}

/** @throws NominaError `not-set-up` */
export function learnerCommand({ options }: App): LearnerCommand {
  const found = readEnvironment(options.dataDir)
  if (!found) throw new NominaError('not-set-up', say('learningNotSetUp'))
  return found.command as unknown as LearnerCommand
}
