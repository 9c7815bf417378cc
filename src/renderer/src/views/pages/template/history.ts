/** Undo and redo over whole states: each is a value that never changes, so keeping a few hundred costs little. */
export interface History<T> {
  readonly past: readonly T[]
  readonly now: T
  readonly future: readonly T[]
  /** What the last change was; one more of the same goes into the same step. */
  readonly merge: string | null
  /** The state that is stored, to know whether anything is not. */
  readonly saved: T
}

const kept = 300

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [], merge: null, saved: now })

/** @param merge a name for changes that are one step while they follow each other, as typing in one name or arrows */
export function record<T>(history: History<T>, next: T, merge: string | null = null): History<T> {
  if (next === history.now) return history
  const same = merge !== null && merge === history.merge
  const past = same ? history.past : [...history.past, history.now].slice(-kept)
  return { ...history, past, now: next, future: [], merge }
}

/** The next change is a step of its own, whatever it is. */
export const seal = <T>(history: History<T>): History<T> => ({ ...history, merge: null })

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1)
  if (before === undefined) return history
  return {
    ...history,
    past: history.past.slice(0, -1),
    now: before,
    future: [history.now, ...history.future],
    merge: null
  }
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future
  if (next === undefined) return history
  return { ...history, past: [...history.past, history.now], now: next, future, merge: null }
}

export const markSaved = <T>(history: History<T>): History<T> => ({ ...history, saved: history.now, merge: null })
export const isChanged = <T>(history: History<T>): boolean => history.now !== history.saved
