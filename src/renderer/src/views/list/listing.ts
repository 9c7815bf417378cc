/** A window on a list of ids: those around what is in view are known, of the others how many there are. */
import type { Input, Output } from '../../../../shared/contract'
import type { Places } from './selection'

/** Of which list they are. */
export type Asked = Pick<Input<'fields.ids'>, 'filter' | 'order' | 'descending' | 'seed'>
export type Listed = Pick<Output<'fields.ids'>, 'ids' | 'from' | 'total' | 'passing' | 'ink' | 'asOf'> & { of: Asked }
/** What is to be asked for next. */
export type Wanted = Required<Pick<Input<'fields.ids'>, 'from' | 'atMost'>> & Pick<Input<'fields.ids'>, 'after'>

/** Ids that are asked for at a time, how close to the end of what is known, and how many are kept. */
export const listedAtOnce = 5000
const close = 500
const keptAtMost = 4 * listedAtOnce

export class Listing implements Places {
  readonly length: number
  #places: Map<number, number> | null = null

  constructor(readonly listed: Listed) {
    this.length = listed.total
  }

  static readonly none = new Listing({
    ids: [],
    from: 0,
    total: 0,
    passing: 0,
    ink: 0,
    asOf: 0,
    of: { filter: {}, order: 'file' }
  })

  /** Every id is known. */
  get whole(): boolean {
    return this.listed.ids.length >= this.length
  }

  at(index: number): number | undefined {
    const place = index - this.listed.from
    return place < 0 ? undefined : this.listed.ids[place]
  }

  /** -1 where it is not known. */
  indexOf(id: number): number {
    const { from, ids } = this.listed
    this.#places ??= new Map(ids.map((known, place) => [known, from + place]))
    return this.#places.get(id) ?? -1
  }

  knows(first: number, last: number): boolean {
    return first >= this.listed.from && last < this.listed.from + this.listed.ids.length
  }

  /** What is lacking where these are in view; null: nothing. */
  wants(first: number, last: number): Wanted | null {
    const { from, ids } = this.listed
    const end = from + ids.length
    const lowest = Math.max(0, first - close)
    const highest = Math.min(this.length - 1, last + close)
    if (highest < 0 || this.knows(lowest, highest)) return null
    if (first >= from && first <= end && ids.length > 0 && highest >= end)
      return { after: ids.at(-1)!, from: end, atMost: listedAtOnce }
    if (last >= from && last < end) {
      const begin = Math.max(0, from - listedAtOnce)
      return { from: begin, atMost: from - begin }
    }
    return { from: Math.max(0, first - Math.floor(listedAtOnce / 2)), atMost: listedAtOnce }
  }

  /** With what was asked for; what is far from it is forgotten. */
  with(asked: Wanted, answer: Listed): Listing {
    const { from, ids, total } = this.listed
    const known = new Set(ids)
    const more = answer.ids.filter((id) => !known.has(id))
    if (asked.after !== undefined) {
      const all = [...ids, ...more]
      const gone = Math.max(0, all.length - keptAtMost)
      // Some of those that are shown have left the list since: what comes after them says where it ends.
      const end = from + all.length
      const isLast = answer.ids.length < asked.atMost
      return this.#as(all.slice(gone), from + gone, isLast ? end : Math.max(total, end))
    }
    if (asked.from + asked.atMost === from)
      return this.#as([...more, ...ids].slice(0, keptAtMost), from - more.length, total)
    return new Listing({ ...this.listed, ids: answer.ids, from: answer.from, total: answer.total })
  }

  #as(ids: number[], from: number, total: number): Listing {
    return new Listing({ ...this.listed, ids, from: Math.max(0, from), total })
  }
}
