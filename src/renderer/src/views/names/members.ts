/** Groups' fields, asked for once and kept while they may be wanted again: the next group is there before it is opened. */
import type { Output } from '../../../../shared/contract'

export type Members = Output<'names.members'>

const kept = 12

export class MembersCache {
  readonly #asked = new Map<number, Promise<Members>>()
  readonly #ask: (groupId: number) => Promise<Members>

  constructor(ask: (groupId: number) => Promise<Members>) {
    this.#ask = ask
  }

  has(groupId: number): boolean {
    return this.#asked.has(groupId)
  }

  /** A failure is told where it is waited for, and asked again next time. */
  get(groupId: number): Promise<Members> {
    const known = this.#asked.get(groupId)
    if (known) return known
    const asked = this.#ask(groupId)
    asked.catch(() => this.#asked.delete(groupId))
    this.#asked.set(groupId, asked)
    if (this.#asked.size > kept) this.#asked.delete(this.#asked.keys().next().value!)
    return asked
  }

  forget(groupId: number): void {
    this.#asked.delete(groupId)
  }

  clear(): void {
    this.#asked.clear()
  }
}
