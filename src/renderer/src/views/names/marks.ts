/** What a person did in the grid: crops taken out, fields decided on, groups done, and in which order, for undo. */

type Act = { kind: 'out'; group: number; field: number } | { kind: 'decide'; group: number; fields: readonly number[] }

export class Marks {
  readonly #out = new Set<number>()
  /** Fields decided on here, or elsewhere since their group was opened: no confirmation is for them. */
  readonly #settled = new Set<number>()
  readonly #done = new Set<number>()
  /** Fields whose tile was in view. */
  readonly #seen = new Set<number>()
  readonly #acts: Act[] = []

  isOut(field: number): boolean {
    return this.#out.has(field)
  }

  isSettled(field: number): boolean {
    return this.#settled.has(field)
  }

  isDone(group: number): boolean {
    return this.#done.has(group)
  }

  toggleOut(group: number, field: number): 'out' | 'in' {
    this.#acts.push({ kind: 'out', group, field })
    return this.#flip(field)
  }

  /** Their tiles are in view. */
  see(fields: readonly number[]): void {
    for (const id of fields) this.#seen.add(id)
  }

  wasSeen(field: number): boolean {
    return this.#seen.has(field)
  }

  decide(group: number, fields: readonly number[]): void {
    for (const field of fields) this.#out.delete(field)
    this.settle(fields)
    this.#acts.push({ kind: 'decide', group, fields })
  }

  settle(fields: readonly number[]): void {
    for (const field of fields) this.#settled.add(field)
  }

  finish(group: number): void {
    this.#done.add(group)
  }

  /** Nothing is done in a new list. */
  begin(): void {
    this.#done.clear()
  }

  /** Takes back the last act where it was the taking out of a crop: that needs no call. */
  undoOut(): { group: number; field: number } | null {
    const last = this.#acts.at(-1)
    if (last?.kind !== 'out') return null
    this.#acts.pop()
    this.#flip(last.field)
    return last
  }

  /** Takes the last decision that began with this field off the acts; null where it was made elsewhere. */
  takeDecision(first: number | undefined): { group: number; fields: readonly number[] } | null {
    const at = this.#acts.findLastIndex((act) => act.kind === 'decide' && act.fields[0] === first)
    const act = at < 0 ? undefined : this.#acts.splice(at, 1)[0]
    return act?.kind === 'decide' ? act : null
  }

  /** Fields are undecided again, and their group is not done. */
  reopen(fields: readonly number[], group: number | null): void {
    for (const field of fields) this.#settled.delete(field)
    if (group !== null) this.#done.delete(group)
  }

  #flip(field: number): 'out' | 'in' {
    if (this.#out.delete(field)) return 'in'
    this.#out.add(field)
    return 'out'
  }
}
