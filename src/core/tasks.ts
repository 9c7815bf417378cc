/** Sums and searches that take seconds and are asked for by a window: one of a kind at a time, stopped with the project. */
import { NominaError } from '../shared/failure'
import type { ReadOnlyDatabase } from './store'

interface Task {
  result: Promise<unknown>
  abort: AbortController
}

const underWay = new WeakMap<ReadOnlyDatabase, Map<string, Task>>()

/** Runs `work`, or waits for the same that is under way on this project already. */
export function together<T>(db: ReadOnlyDatabase, name: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const tasks = underWay.get(db) ?? new Map<string, Task>()
  underWay.set(db, tasks)
  const found = tasks.get(name)
  if (found) return found.result as Promise<T>
  const abort = new AbortController()
  const result = work(abort.signal).finally(() => tasks.delete(name))
  tasks.set(name, { result, abort })
  return result
}

export const isUnderWay = (db: ReadOnlyDatabase, name: string): boolean => underWay.get(db)?.has(name) === true

/** Resolves when none of them touches the database any more. */
export async function stopTasks(db: ReadOnlyDatabase): Promise<void> {
  const tasks = [...(underWay.get(db)?.values() ?? [])]
  for (const { abort } of tasks) abort.abort(new NominaError('cancelled', 'Stopped: the project was closed.'))
  await Promise.allSettled(tasks.map(({ result }) => result))
}

const INTERVAL_MS = 150

/** Passes on the first call, the last, and one in between every 150 ms. */
export function fewer(emit: (done: number, total: number) => void): (done: number, total: number) => void {
  let last = -Infinity
  return (done, total) => {
    const now = performance.now()
    if (done < total && now - last < INTERVAL_MS) return
    last = now
    emit(done, total)
  }
}
