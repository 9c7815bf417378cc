/**
 * Leases of a window on the fields it is about to show, where several people review one project: a few ahead, asked for
 * again before they end. What somebody else holds or has decided is told, so that the queue leaves it out.
 */
import type { Input, Output } from '../../../../shared/contract'
import { uniqueName } from '../../lib/unique'

export interface LeasesHooks {
  lease(input: Input<'review.lease'>): Promise<Output<'review.lease'>>
  /** These are somebody else's. */
  taken(ids: number[]): void
}

const heldAhead = 8
const heldEnough = 4
const candidates = 64

export class Leases {
  readonly #hooks: LeasesHooks
  readonly #window = uniqueName()
  #wanted: number[] = []
  #granted = new Set<number>()
  #asking = false
  #renewal: ReturnType<typeof setTimeout> | null = null

  constructor(hooks: LeasesHooks) {
    this.#hooks = hooks
  }

  /** @param ids the current field and what comes after it */
  near(ids: number[]): void {
    this.#wanted = ids.slice(0, candidates)
    const held = this.#wanted.slice(0, heldAhead).filter((id) => this.#granted.has(id)).length
    if (held < Math.min(heldEnough, this.#wanted.length)) void this.#ask()
  }

  /** Gives back what is held. */
  stop(): void {
    this.#wanted = []
    void this.#ask()
  }

  async #ask(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    if (this.#renewal !== null) clearTimeout(this.#renewal)
    this.#renewal = null
    try {
      const ids = this.#wanted
      const answer = await this.#hooks.lease({ window: this.#window, ids, count: Math.min(heldAhead, ids.length) })
      this.#granted = new Set(answer.granted)
      if (answer.taken.length) this.#hooks.taken(answer.taken)
      if (this.#wanted.length) this.#renewal = setTimeout(() => void this.#ask(), (answer.seconds / 3) * 1000)
    } catch {
      // Without an answer nothing is held; what is decided meanwhile is checked when it is stored.
      this.#granted = new Set()
      this.#renewal = setTimeout(() => void this.#ask(), 5000)
    } finally {
      this.#asking = false
    }
  }
}
