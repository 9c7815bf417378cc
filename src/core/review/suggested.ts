/**
 * The order that Nomina suggests. As long as the reader is new to the hand: a random sample of all fields, which teaches most and
 * costs a person least. Then least sure first, and among every ten fields one from the tenth of all that was drawn for it when they
 * came in: these come in no other way, so that they say what the reader makes of all fields.
 */
import type { Filter } from '../../shared/domain'
import type { ReadOnlyDatabase } from '../store'
import { DRAWS, JUDGES, undecidedWithDraws, withDrawBelow } from '../store/arrivals'
import { newHand, type Hand } from './hand'
import { queueWindow, type WindowRequest } from './queue'
import { shuffle } from './shuffle'

export interface Suggested {
  ids: number[]
  /** How many there are in all, and with those that are left out. */
  total: number
  passing: number
  /** Those that came at random. */
  random: number[]
  hand?: Hand
}

const EVERY = 10
/** Random fields that a queue begins with, or that are put into it: it is asked for again before they are gone through. */
const SAMPLE = 200
const AHEAD = 60
const SEED = 1
/** Has no divisor in common with the number of draws: each of these comes once, and one in ten is a low one. */
const STEP = 619
const allDraws = Array.from({ length: DRAWS }, (_, step) => (step * STEP) % DRAWS)
const lowDraws = Array.from({ length: JUDGES }, (_, draw) => draw)
/** How many more draws are looked at at a time than before: each has a thousandth of the fields, which may be one or thousands. */
const MORE = 4

/** What is put among random fields, and those of it that may be drawn themselves: so many more are looked at. */
const MIXED = 2 * AHEAD * EVERY

export function suggestedQueue(
  db: ReadOnlyDatabase,
  { filter, without = new Set(), atMost, through }: Omit<WindowRequest, 'order'>
): Suggested {
  const isMixed = isAllUndecided(filter)
  const wanted = atMost === undefined || !isMixed ? atMost : atMost + MIXED
  const sureFirst = queueWindow(db, { filter, order: 'confidence', atMost: wanted, through, without })
  const { ids: sure, total, passing } = sureFirst
  if (!isMixed) return { ...sureFirst, random: [] }
  const hand = newHand(db)
  if (!hand) {
    const random = nextDrawn(db, AHEAD, lowDraws, without)
    return { ids: mixed(db, sure, random), total, passing, random }
  }
  const random = nextDrawn(db, SAMPLE, allDraws, without)
  const drawn = new Set(random)
  return { ids: [...random, ...sure.filter((id) => !drawn.has(id))], total, passing, random, hand }
}

/** A part of it, from a place on; it is mixed, so that what is before is made as well. */
export function suggestedWindow(
  db: ReadOnlyDatabase,
  request: Omit<WindowRequest, 'order'>
): Suggested & { from: number } {
  const { from = 0, around, atMost } = request
  const isFirst = from === 0 && around === undefined
  if (isFirst) return { ...suggestedQueue(db, request), from: 0 }
  const most = around === undefined && atMost !== undefined ? from + atMost : undefined
  const queue = suggestedQueue(db, { ...request, from: 0, after: undefined, around: undefined, atMost: most })
  const place = around === undefined ? from : Math.max(0, queue.ids.indexOf(around) - Math.floor((atMost ?? 0) / 2))
  return { ...queue, ids: queue.ids.slice(place, place + (atMost ?? Infinity)), from: place }
}

const isAllUndecided = (filter: Filter): boolean =>
  filter.status === 'undecided' &&
  Object.entries(filter).every(([key, value]) => value === undefined || key === 'status')

/** Undecided fields that are read, from draw to draw, as many as are wanted. */
function nextDrawn(
  db: ReadOnlyDatabase,
  wanted: number,
  draws: readonly number[],
  without: ReadonlySet<number>
): number[] {
  const found: number[] = []
  for (let from = 0, count = 1; from < draws.length && found.length < wanted; from += count, count *= MORE)
    for (const group of undecidedWithDraws(db, draws.slice(from, from + count)))
      found.push(...shuffle(group, SEED).filter((id) => !without.has(id)))
  return found.slice(0, wanted)
}

/** One of `drawn` among every ten, at a place that nobody can tell; what may be drawn later comes after all of these. */
function mixed(db: ReadOnlyDatabase, sure: number[], drawn: number[]): number[] {
  const wanted = drawn.length * (EVERY - 1)
  const first: number[] = []
  const later: number[] = []
  let at = 0
  while (first.length < wanted && at < sure.length) {
    const some = sure.slice(at, (at += wanted))
    const mayBeDrawn = withDrawBelow(db, some, JUDGES)
    for (const id of some) (mayBeDrawn.has(id) || first.length === wanted ? later : first).push(id)
  }
  const mix = drawn.flatMap((id, ten) => {
    const others = first.slice(ten * (EVERY - 1), (ten + 1) * (EVERY - 1))
    return others.toSpliced(placeIn(ten, others.length + 1), 0, id)
  })
  const there = new Set(drawn)
  return [...mix, ...[...later, ...sure.slice(at)].filter((id) => !there.has(id))]
}

const placeIn = (ten: number, places: number): number => (Math.imul(ten + 1, 0x9e3779b1) >>> 16) % places
