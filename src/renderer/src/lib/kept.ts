/** What outlives a window whose page is loaded again or whose process ended: kept in its session, and in no other window. */
const name = (what: string): string => `nomina.${what}`

export function keep(what: string, value: unknown): void {
  try {
    sessionStorage.setItem(name(what), JSON.stringify(value))
  } catch {
    // Without storage a window comes back as it starts.
  }
}

/** @returns what was kept under this name in this window, or null */
export function kept<T>(what: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(name(what)) ?? 'null') as T | null
  } catch {
    return null
  }
}
