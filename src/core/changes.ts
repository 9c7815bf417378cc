import type { Context } from './context'
import { readCounts } from './store'

const FLUSH_MS = 250
const NAME_AT_MOST = 500

/** Collects changed field ids and tells the windows a few times a second; more ids than can be named become `null`. */
export interface Changes {
  add(ids: number[]): void
  flush(): void
}

export function collectChanges(context: Context): Changes {
  let ids = new Set<number>()
  let timer: NodeJS.Timeout | null = null
  const flush = (): void => {
    if (timer) clearTimeout(timer)
    timer = null
    if (!ids.size || !context.project) return
    const named = ids.size <= NAME_AT_MOST ? [...ids] : null
    ids = new Set()
    context.bus.emit('fields.changed', { ids: named, counts: readCounts(context.project.db) })
  }
  return {
    add(changed) {
      for (const id of changed) ids.add(id)
      timer ??= setTimeout(flush, FLUSH_MS)
    },
    flush
  }
}
