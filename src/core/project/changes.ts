const FLUSH_MS = 250
const NAME_AT_MOST = 500

/** Collects changed field ids and tells of them a few times a second; more ids than can be named become `null`. */
export interface Changes {
  add(ids: number[]): void
  /** Tells at once of what was collected. */
  flush(): void
}

export function collectChanges(tell: (ids: number[] | null) => void): Changes {
  let ids = new Set<number>()
  let timer: NodeJS.Timeout | null = null
  const flush = (): void => {
    if (timer) clearTimeout(timer)
    timer = null
    if (!ids.size) return
    const named = ids.size <= NAME_AT_MOST ? [...ids] : null
    ids = new Set()
    tell(named)
  }
  return {
    add(changed) {
      for (const id of changed) ids.add(id)
      if (ids.size) timer ??= setTimeout(flush, FLUSH_MS)
    },
    flush
  }
}
