import { SvelteMap } from 'svelte/reactivity'
import { keep, kept, leave, left } from '../kept'

/** Texts by field that were typed and not yet decided. They outlive the page, and the window that is closed last. */
export class TypedTexts extends SvelteMap<number, string> {
  readonly #what: string

  constructor(project: string) {
    super()
    this.#what = `typed:${project}`
    for (const [id, text] of this.#found()) super.set(id, text)
  }

  override set(id: number, text: string): this {
    super.set(id, text)
    this.#store()
    return this
  }

  override delete(id: number): boolean {
    const was = super.delete(id)
    if (was) this.#store()
    return was
  }

  #found = (): [number, string][] => kept(this.#what) ?? left(this.#what) ?? []

  #store(): void {
    keep(this.#what, [...this])
    leave(this.#what, this.size === 0 ? null : [...this])
  }
}
