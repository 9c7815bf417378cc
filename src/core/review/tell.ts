import { NominaError, say } from '../../shared/failure'
import type { Project } from '../project'
import { getSetting } from '../store'

/** Field numbers mean other fields in another project; a reviewer knows it by its identity. @throws NominaError('other-project') */
export function refuseOther(project: Project, decidedIn: string | undefined): void {
  if (decidedIn === undefined || decidedIn === project.path || decidedIn === project.id) return
  // Its folder was gone, and it was saved in another one since.
  if (getSetting(project.db, 'savedFrom') === decidedIn) return
  throw new NominaError('other-project', say('otherProject', { path: decidedIn }))
}

/** Tells every window of a change of fields. */
export function tellOthers(project: Project, change: { rows: { id: number }[]; changed: number }): void {
  const ids = change.changed === change.rows.length ? change.rows.map((row) => row.id) : null
  if (change.changed) project.tellFields(ids)
}
