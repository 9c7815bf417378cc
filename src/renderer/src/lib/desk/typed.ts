import { SvelteMap } from 'svelte/reactivity'
import { keep, kept } from '../kept'

/** Texts by field that were typed and not yet decided. They outlive the page, until the window is closed. */
export class TypedTexts extends SvelteMap<number, string> {
  readonly #what: string

  constructor(project: string) {
    super()
    this.#what = `typed:${project}`
    for (const [id, text] of kept<[number, string][]>(this.#what) ?? []) super.set(id, text)
  }

  override set(id: number, text: string): this {
    super.set(id, text)
    keep(this.#what, [...this])
    return this
  }

  override delete(id: number): boolean {
    const was = super.delete(id)
    if (was) keep(this.#what, [...this])
    return was
  }
}
