/** The queue of a project, kept while other views are shown. */
import { keptOnDesk } from '../../lib/desk'
import { picture } from '../../lib/images'
import { session } from '../../lib/session.svelte'
import { Queue } from './queue.svelte'

export const queueOf = keptOnDesk(
  (desk) => new Queue(desk, { shared: session.info?.shared ?? false, near: (row) => void picture(row) })
)
