/** The queue of the open project: kept while other views are shown, fed by events. */
import { onConnection } from '../host'
import { call, on } from './api'
import { picture } from './images'
import type { Operation, OutboxStore } from './outbox'
import { refreshPace } from './pace.svelte'
import { Queue } from './queue.svelte'
import { session } from './session.svelte'
import { toast } from './toasts.svelte'

let open: { path: string; queue: Queue } | null = null

/** What is not stored yet outlives a reload of the page. */
function storeFor(path: string): OutboxStore {
  const key = `nomina.outbox:${path}`
  return {
    read() {
      try {
        return JSON.parse(sessionStorage.getItem(key) ?? '[]') as Operation[]
      } catch {
        return []
      }
    },
    write(operations) {
      try {
        if (operations.length > 0) sessionStorage.setItem(key, JSON.stringify(operations))
        else sessionStorage.removeItem(key)
      } catch {
        // Without storage they are kept as long as the page.
      }
    }
  }
}

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
    storeFor(path)
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
