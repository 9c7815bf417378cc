import { openedProject, type Context } from '../context'
import { NominaError } from '../../shared/failure'
import { followAudit } from '../quality'
import { readCounts, type Database } from '../store'

/** The open project's database. */
export const db = (context: Context): Database => openedProject(context).db
/** The answer of what only does something. */
export const done = {}

/** Field numbers mean other fields in another project. @throws NominaError('other-project') */
export function refuseOther(context: Context, decidedIn: string | undefined): void {
  if (decidedIn === undefined || decidedIn === context.project?.path) return
  throw new NominaError(
    'other-project',
    `This belongs to the project ${decidedIn}, and another is open now. Nothing was changed: open it again.`
  )
}

/** Tells every window of a change of fields. */
export function tellOthers(context: Context, change: { rows: { id: number }[]; changed: number }): void {
  const ids = change.changed === change.rows.length ? change.rows.map((row) => row.id) : null
  if (change.changed) context.bus.emit('fields.changed', { ids, counts: readCounts(db(context)) })
}

/** After a decision that was made blind: an audit may have ended a promise. */
export const followBlind = (context: Context): void =>
  context.bus.emit('acceptance.changed', { broken: followAudit(db(context)) })
