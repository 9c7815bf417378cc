/** The desk of the open project; views that are kept while others are shown are kept with it. */
import { onConnection } from '../../host'
import { call, on } from '../api'
import { session } from '../session.svelte'
import { toast } from '../toasts.svelte'
import { Desk } from './desk.svelte'
import { outboxStore } from './store'
import { TypedTexts } from './typed'

let open: { project: string; desk: Desk } | null = null

function drop(): void {
  open?.desk.close()
  open = null
}

/** @returns the desk of this project: made on the first call, and anew after another project was open */
export function deskOf(project: string): Desk {
  if (open?.project !== project) {
    drop()
    const hooks = { call, counts: (counts: typeof session.counts) => void (session.counts = counts), tell: toast }
    const desk = new Desk(hooks, { project, store: outboxStore(project) }, new TypedTexts(project))
    open = { project, desk }
  }
  return open!.desk
}

export const desk = (): Desk => deskOf(session.project?.path ?? '')

/** What a view keeps of the open project while others are shown. */
export function keptOnDesk<T>(create: (desk: Desk) => T): (project: string) => T {
  const made = new WeakMap<Desk, T>()
  return (project) => {
    const here = deskOf(project)
    const kept = made.get(here) ?? create(here)
    made.set(here, kept)
    return kept
  }
}

session.onAnotherProject(drop)
on('fields.changed', ({ ids }) => open?.desk.fieldsChanged(ids))
onConnection((state) => {
  if (state === 'connected') open?.desk.reconnected()
})
addEventListener('beforeunload', (event) => {
  if (open && open.desk.waiting > 0) event.preventDefault()
})
