/** What a view asks the core for: the answer, or why there is none. */
import { messageOf, on } from './api'
import type { EventName } from '../../../shared/contract'

export class Loaded<T, A extends unknown[] = []> {
  /** Null until the first answer; a failure later leaves what was there. */
  value = $state.raw<T | null>(null)
  failure = $state<string | null>(null)
  #asked = 0
  readonly #ask: (...input: A) => Promise<T>

  constructor(ask: (...input: A) => Promise<T>) {
    this.#ask = ask
  }

  /** Asks; of several questions only the newest one's answer counts. */
  load = async (...input: A): Promise<void> => {
    const mine = ++this.#asked
    try {
      const value = await this.#ask(...input)
      if (mine !== this.#asked) return
      this.value = value
      this.failure = null
    } catch (error) {
      if (mine === this.#asked) this.failure = messageOf(error)
    }
  }
}

/** Calls `act` when any of these events has come and none more for `settle` ms; returns how to stop. */
export function onSettled(events: readonly EventName[], settle: number, act: () => unknown): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stops = events.map((name) =>
    on(name, () => {
      clearTimeout(timer)
      timer = setTimeout(act, settle)
    })
  )
  return () => {
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}
