/** The queue of the open project. */
import { call } from './api'
import { picture } from './images'
import { keptForProject } from './keptForProject'
import { outboxStore } from './outboxStore'
import { Queue } from './queue.svelte'
import { session } from './session.svelte'
import { toast } from './toasts.svelte'

export const queueOf = keptForProject(
  (path) =>
    new Queue(
      {
        call,
        shared: session.info?.shared ?? false,
        counts: (counts) => (session.counts = counts),
        near: (row) => void picture(row),
        tell: toast
      },
      { project: path, store: outboxStore(`nomina.outbox:${path}`) }
    )
)
