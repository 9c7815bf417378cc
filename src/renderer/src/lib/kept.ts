/**
 * What outlives a window whose page is loaded again or whose process ended: kept in its session, and in no other window. What
 * is to outlive the window as well is left behind for the next one.
 */
const name = (what: string): string => `nomina.${what}`

export function keep(what: string, value: unknown): void {
  write(() => sessionStorage, what, value)
}

/** @returns what was kept under this name in this window, or null */
export const kept = <T>(what: string): T | null => read<T>(() => sessionStorage, what)

/** Null: nothing is left any more. */
export function leave(what: string, value: unknown): void {
  write(() => localStorage, what, value)
}

/** @returns what the last window left under this name, or null */
export const left = <T>(what: string): T | null => read<T>(() => localStorage, what)

function write(storage: () => Storage, what: string, value: unknown): void {
  try {
    if (value === null) storage().removeItem(name(what))
    else storage().setItem(name(what), JSON.stringify(value))
  } catch {
    // Without storage a window comes back as it starts.
  }
}

function read<T>(storage: () => Storage, what: string): T | null {
  try {
    return JSON.parse(storage().getItem(name(what)) ?? 'null') as T | null
  } catch {
    return null
  }
}
