/** What a text that was begun may become: asked for while a person types, chosen with Down and Up, taken with Tab. */
import type { Completion as Item } from '../../../../shared/contract/lexicon'
import { call } from '../../lib/api'

export interface Typed {
  /** The field. */
  id: number
  text: string
  /** What was read there. */
  reading: string | null
  /** Whether the caret is after the last character. */
  atEnd: boolean
}

const enough = 2
const shownAtMost = 6
const delay = 60

/** Whether a list would help: two characters typed, another text than what was read, the caret at its end. */
export const wants = ({ text, reading, atEnd }: Typed, characters: number): boolean =>
  atEnd && characters >= enough && text.trim().length >= enough && text !== reading

export class Completion {
  items = $state.raw<readonly Item[]>([])
  /** -1: none; Enter is not for the list then. */
  chosen = $state(-1)
  #characters = 0
  #asked = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #found: (count: number) => void
  readonly #ask: (id: number, prefix: string) => Promise<readonly Item[]>

  constructor(
    found: (count: number) => void,
    ask = async (id: number, prefix: string): Promise<readonly Item[]> =>
      (await call('lexicon.complete', { id, prefix, limit: shownAtMost })).completions
  ) {
    this.#found = found
    this.#ask = ask
  }

  get open(): boolean {
    return this.items.length > 0
  }

  /** After each character that was typed or removed. */
  typed(typed: Typed): void {
    this.#characters++
    clearTimeout(this.#timer)
    const mine = ++this.#asked
    if (!wants(typed, this.#characters)) return this.#show([])
    this.chosen = -1
    this.#timer = setTimeout(async () => {
      const items = await this.#ask(typed.id, typed.text).catch(() => [])
      if (mine !== this.#asked) return
      const before = this.items.length
      this.#show(items.filter(({ text }) => text !== typed.text))
      if (this.items.length > 0 && this.items.length !== before) this.#found(this.items.length)
    }, delay)
  }

  /** What a key does while the list is open: a text to take, `kept` where the list only moved or closed; null: not its key. */
  press(key: string, atEnd: boolean): { take: string } | 'kept' | null {
    if (!this.open) return null
    const last = this.items.length - 1
    if (key === 'ArrowDown') this.chosen = this.chosen === last ? -1 : this.chosen + 1
    else if (key === 'ArrowUp') this.chosen = this.chosen === -1 ? last : this.chosen - 1
    else if (key === 'Escape') this.close()
    else if (key === 'Tab' || (key === 'ArrowRight' && atEnd) || (key === 'Enter' && this.chosen >= 0)) {
      const { text } = this.items[Math.max(0, this.chosen)]!
      this.close()
      return { take: text }
    } else return null
    return 'kept'
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#asked++
    this.#show([])
  }

  /** Another field: what was typed before does not count. */
  leave(): void {
    this.#characters = 0
    this.close()
  }

  #show(items: readonly Item[]): void {
    if (items.length === 0 && this.items.length === 0) return
    this.items = items
    this.chosen = -1
  }
}
