/** Files are taken out of the project, or an import is undone. Nothing is deleted: all of it can be brought back. */
import type { WhatToRemove } from '../../shared/contract/removal'
import { NominaError, say } from '../../shared/failure'
import type { Control } from '../jobs'
import { currentModelId, deriveFields, immediate, type Database, type ReadOnlyDatabase } from '../store'
import {
  bringSourcesBack,
  decisionsOf,
  fieldsOf,
  insertRemoval,
  removeSources,
  sourcesOfFields,
  sourcesOfRemoval,
  sourcesOfRun
} from '../store/removals'
import { parts } from '../store/slices'
import { fieldIdsOf } from '../store/sources'
import { takenPlace } from './plan/apply'
import { orderFields } from './positions'

/** Files a transaction. */
const atOnce = 50

/** What goes with the files: whole files go, with all their fields. */
export function previewRemoval(
  db: ReadOnlyDatabase,
  what: WhatToRemove
): { files: number; fields: number; decisions: number } {
  const sources = sourcesOf(db, what)
  return { files: sources.length, fields: fieldsOf(db, sources), decisions: decisionsOf(db, sources) }
}

/**
 * Cut off in between, a part of the files is removed, and can be brought back as such.
 * @returns the removal's id, for `bringBack`
 * @throws NominaError('not-found') no file fits
 */
export async function removeFiles(
  db: Database,
  what: WhatToRemove,
  reviewer: string,
  { onProgress }: Pick<Control, 'onProgress'> = {}
): Promise<number> {
  let done = 0
  const sources = sourcesOf(db, what)
  if (!sources.length) throw new NominaError('not-found', say('noneAmong'))
  const removal = immediate(db, () => insertRemoval(db, reviewer, 'run' in what ? what.run : null))
  for await (const some of parts(db, sources, atOnce))
    immediate(db, () => {
      removeSources(db, removal, some)
      derived(db, some)
      onProgress?.((done += some.length), sources.length)
    })
  return removal
}

/** @returns how many files came back @throws NominaError('not-found') nothing of it is left to be brought back */
export async function bringBack(
  db: Database,
  removal: number,
  { onProgress }: Pick<Control, 'onProgress'> = {}
): Promise<number> {
  let done = 0
  const sources = sourcesOfRemoval(db, removal)
  if (!sources.length) throw new NominaError('not-found', say('backAlready'))
  for await (const some of parts(db, sources, atOnce))
    immediate(db, () => {
      bringSourcesBack(db, some, takenPlace)
      derived(db, some)
      onProgress?.((done += some.length), sources.length)
    })
  await orderFields(db)
  return sources.length
}

const sourcesOf = (db: ReadOnlyDatabase, what: WhatToRemove): number[] =>
  'run' in what ? sourcesOfRun(db, what.run) : sourcesOfFields(db, what.fieldIds)

const derived = (db: Database, sourceIds: number[]): void =>
  deriveFields(db, { fieldIds: fieldIdsOf(db, sourceIds) }, currentModelId(db))
