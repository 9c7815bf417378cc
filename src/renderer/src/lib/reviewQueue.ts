/** The queue of the open project: kept while other views are shown, fed by events. */
import { onConnection } from '../host'
import { call, on } from './api'
import { picture } from './images'
import { outboxStore } from './outboxStore'
import { refreshPace } from './pace.svelte'
import { Queue } from './queue.svelte'
import { session } from './session.svelte'
import { toast } from './toasts.svelte'

let open: { path: string; queue: Queue } | null = null

function createQueue(path: string): Queue {
  return new Queue(
    {
      call,
      shared: session.info?.shared ?? false,
      counts: (counts) => (session.counts = counts),
      near: (row) => void picture(row),
      decided: refreshPace,
      tell: toast
    },
    outboxStore(`nomina.outbox:${path}`)
  )
}

export function queueOf(path: string): Queue {
  if (open?.path !== path) open = { path, queue: createQueue(path) }
  return open.queue
}

on('fields.changed', ({ ids }) => open?.queue.fieldsChanged(ids))
onConnection((state) => {
  if (state === 'connected') open?.queue.reconnected()
})
addEventListener('beforeunload', (event) => {
  if (open && open.queue.waiting > 0) event.preventDefault()
})
