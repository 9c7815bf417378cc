/** Leads known files to where they lie now. */
import type { JobControl } from '../../jobs'
import { immediate, type Database } from '../../store'
import { deriveFields, currentModelId } from '../../store'
import { ensureRoot, fieldIdsOf, leavePlace, moveSource, setSourceStatus } from '../../store/sources'
import type { ImportHooks } from '../options'
import { absoluteOf } from '../places'
import type { ImportPlan } from './plan'
import { turn } from '../../store/slices'

/** Files a transaction. */
const atOnce = 200
export const takenPlace = 'Another file has its name now, and its own content was not found.'

/**
 * Two steps, each in short transactions: what leaves its place, then what comes to one. Cut off in between, files that left are found
 * by their content the next time.
 */
export async function applyMoves(
  db: Database,
  { moved, gone, same, changed, added }: ImportPlan,
  run: Pick<JobControl, 'whenNotPaused'>,
  hooks: ImportHooks
): Promise<void> {
  if (!moved.size) return
  const places = new Set(
    [...same.keys(), ...changed.keys(), ...added, ...moved.keys()].map(({ file }) => file.absolute)
  )
  const displaced = gone.filter((source) => places.has(absoluteOf(source)))
  await inParts([...moved.values(), ...displaced], run, (some) =>
    immediate(db, () => {
      for (const source of some) leavePlace(db, source.id, takenPlace)
    })
  )
  await inParts([...moved], run, (some) => {
    const fieldIds = immediate(db, () => {
      for (const [place, source] of some) {
        const { modifiedMs, changedMs } = place.file
        moveSource(db, source.id, { rootId: ensureRoot(db, place.root), path: place.path, modifiedMs, changedMs })
        // What could not be read is looked at again, also where it was gone in between.
        setSourceStatus(db, source.id, source.format === null ? 'failed' : 'ok', null)
      }
      return derived(
        db,
        some.map(([, source]) => source.id)
      )
    })
    hooks.onFields?.(fieldIds)
  })
  if (displaced.length)
    hooks.onFields?.(
      immediate(db, () =>
        derived(
          db,
          displaced.map(({ id }) => id)
        )
      )
    )
}

function derived(db: Database, sourceIds: number[]): number[] {
  const fieldIds = fieldIdsOf(db, sourceIds)
  deriveFields(db, { fieldIds }, currentModelId(db))
  return fieldIds
}

async function inParts<T>(
  items: readonly T[],
  run: Pick<JobControl, 'whenNotPaused'>,
  work: (some: T[]) => void
): Promise<void> {
  for (let start = 0; start < items.length; start += atOnce) {
    await run.whenNotPaused()
    work(items.slice(start, start + atOnce))
    await turn()
  }
}
