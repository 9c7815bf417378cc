/** What an import is about to do, found before anything is written. */
import type { JobControl } from '../../jobs'
import type { ReadOnlyDatabase } from '../../store'
import type { IdentifyPages } from '../inspect'
import type { Place } from '../places'
import { compareFiles, type Compared } from './files'
import { comparePages, type ComparedPages } from './pages'

export interface ImportPlan extends Compared {
  pages: ComparedPages
}

export interface PlanOptions {
  /** Every image is a page. */
  asPages: boolean
  identify: IdentifyPages
}

type Watched = Pick<JobControl, 'signal' | 'whenNotPaused' | 'report'>

/** @param roots the folders that are imported: what is missing in them is gone */
export async function planImport(
  db: ReadOnlyDatabase,
  places: readonly Place[],
  roots: readonly string[],
  options: PlanOptions,
  run: Watched
): Promise<ImportPlan> {
  const compared = await compareFiles(db, places, roots, run)
  return { ...compared, pages: await comparePages(db, compared, options, run) }
}
