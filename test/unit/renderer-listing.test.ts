import { describe, expect, it } from 'vitest'
import { listedAtOnce, Listing, type Wanted } from '../../src/renderer/src/views/list/listing'
import {
  carryOver,
  clear,
  isSelected,
  move,
  nothingSelected,
  press,
  selectAll,
  selectedOf,
  toggleActive
} from '../../src/renderer/src/views/list/selection'

/** A list of a million fields, as the core gives parts of it; ids are not places. */
const total = 1_000_000
const idAt = (place: number): number => 3_000_000 - place
const part = (from: number, atMost: number) => ({
  ids: Array.from({ length: Math.max(0, Math.min(atMost, total - from)) }, (_, index) => idAt(from + index)),
  from,
  total,
  passing: total,
  ink: 0,
  asOf: 0,
  of: { filter: {}, order: 'file' as const }
})
const answer = ({ from, atMost }: Wanted) => part(from, atMost)
const first = new Listing(part(0, listedAtOnce))

/** As the view does: asks until what is in view is known. */
function seen(listing: Listing, place: number): Listing {
  let now = listing
  for (let asked = 0; asked < 5; asked++) {
    const wanted = now.wants(place, place + 20)
    if (!wanted) return now
    now = now.with(wanted, answer(wanted))
  }
  throw new Error('It asks without an end.')
}

describe('a window on a long list', () => {
  it('knows its ids by place, and of the others how many there are', () => {
    expect([first.length, first.at(0), first.at(4999), first.at(5000)]).toEqual([total, idAt(0), idAt(4999), undefined])
    expect([first.indexOf(idAt(7)), first.indexOf(idAt(900_000))]).toEqual([7, -1])
    expect(first.whole).toBe(false)
    expect(new Listing({ ...part(0, 5), total: 5 }).whole).toBe(true)
  })

  it('goes on at both ends, jumps, and keeps a bounded number', () => {
    expect(first.wants(100, 120)).toBeNull()
    expect(first.wants(4900, 4920)).toEqual({ after: idAt(4999), from: 5000, atMost: listedAtOnce })
    let listing = first
    for (let place = 0; place < 60_000; place += 400) {
      listing = seen(listing, place)
      expect([listing.at(place), listing.at(place + 20)]).toEqual([idAt(place), idAt(place + 20)])
      expect(listing.listed.ids.length).toBeLessThanOrEqual(4 * listedAtOnce)
    }
    for (let place = 60_000; place >= 0; place -= 400) {
      listing = seen(listing, place)
      expect(listing.at(place)).toBe(idAt(place))
      expect(listing.listed.ids.length).toBeLessThanOrEqual(4 * listedAtOnce)
    }
    for (const place of [total - 21, 500_000, 0, total - 400]) {
      listing = seen(listing, place)
      expect([listing.at(place), listing.at(place + 20)]).toEqual([idAt(place), idAt(place + 20)])
    }
  })

  it('ends where its last id is, if some of those that are shown have left the list since', () => {
    const near = new Listing(part(total - 6000, 5500))
    const wanted = near.wants(total - 600, total - 580)!
    // Three that are shown do not pass any more: the core tells of fewer, and of the same that come after the last.
    const after = near.with(wanted, { ...part(total - 500, 500), from: wanted.from, total: total - 3 })
    expect(after.length).toBe(total)
    expect(after.at(total - 1)).toBe(idAt(total - 1))
    expect(after.wants(total - 21, total - 1)).toBeNull()
  })

  it('never has an id twice', () => {
    const wanted = first.wants(4900, 4920)!
    const after = first.with(wanted, { ...part(4990, listedAtOnce), from: wanted.from })
    expect(new Set(after.listed.ids).size).toBe(after.listed.ids.length)
  })
})

describe('all of a long list', () => {
  const all = selectAll(move(nothingSelected, first, 3), first, first.whole)

  it('is selected without its ids, and rows can be taken out of it', () => {
    expect([selectedOf(all, total), all.ids.size, isSelected(all, 77)]).toEqual([total, 0, true])
    const without = toggleActive(all, first)
    expect([selectedOf(without, total), isSelected(without, idAt(3))]).toEqual([total - 1, false])
    expect(selectedOf(press(without, first, 3, { toggle: true }), total)).toBe(total)
  })

  it('gives way to another selection, and ends with the list that it was of', () => {
    expect(selectedOf(press(all, first, 5), total)).toBe(1)
    expect(selectedOf(move(all, first, 5, true), total)).toBe(3)
    expect(selectedOf(clear(all), total)).toBe(0)
    expect(selectedOf(carryOver(all, first, new Listing(part(0, 10)), false), total)).toBe(0)
  })

  it('keeps single rows where the next list is not all known', () => {
    const two = press(press(nothingSelected, first, 1), first, 4000, { toggle: true })
    expect(selectedOf(carryOver(two, first, new Listing(part(0, 10)), false), total)).toBe(2)
  })
})
