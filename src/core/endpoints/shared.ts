import { openedProject, type Context } from '../context'
import { readCounts, type Database } from '../store'

/** The open project's database. */
export const db = (context: Context): Database => openedProject(context).db
/** The answer of what only does something. */
export const done = {}

/** Tells every window of a change of fields. */
export function tellOthers(context: Context, change: { rows: { id: number }[]; changed: number }): void {
  const ids = change.changed === change.rows.length ? change.rows.map((row) => row.id) : null
  if (change.changed) context.bus.emit('fields.changed', { ids, counts: readCounts(db(context)) })
}
