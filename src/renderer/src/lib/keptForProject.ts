/** What a view keeps of the open project while others are shown: fed by events, dropped when another project is opened. */
import { onConnection } from '../host'
import { on } from './api'
import { session } from './session.svelte'

interface Kept {
  /** Decisions that are not stored yet. */
  readonly waiting: number
  fieldsChanged(ids: number[] | null): void
  reconnected(): void
  /** What waits stays in its store, and is sent when its project is open again. */
  close(): void
}

/** @returns what is kept of the project in a folder: made on the first call, and anew after another project was open */
export function keptForProject<T extends Kept>(create: (path: string) => T): (path: string) => T {
  let open: { path: string; kept: T } | null = null
  const drop = (): void => {
    open?.kept.close()
    open = null
  }
  session.onAnotherProject(drop)
  on('fields.changed', ({ ids }) => open?.kept.fieldsChanged(ids))
  onConnection((state) => {
    if (state === 'connected') open?.kept.reconnected()
  })
  addEventListener('beforeunload', (event) => {
    if (open && open.kept.waiting > 0) event.preventDefault()
  })
  return (path) => {
    if (open?.path !== path) {
      drop()
      open = { path, kept: create(path) }
    }
    return open!.kept
  }
}
