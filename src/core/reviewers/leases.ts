/** Leases: who works on a field just now. They end by themselves, so a window that dies holds nothing for long. */
import { NominaError, say } from '../../shared/failure'
import type { Database, ReadOnlyDatabase } from '../store'
import { candidatesOf, heldByOthers, heldElsewhere, holdInstead } from '../store/leases'
import { inPassing } from '../store/transaction'

/** Fields that one person's windows hold together: some ten windows of what a window asks for ahead. */
export const MOST_HELD = 80

export interface LeaseRequest {
  reviewer: string
  window: string
  /** Candidates in the window's order. */
  ids: number[]
  /** How many of them it wants to hold. */
  count: number
}

export interface Leased {
  granted: number[]
  /** Held by another window, or decided by somebody else. Where a person holds as much as they may, nothing more is granted. */
  taken: number[]
}

/**
 * Gives the window the first `count` of the fields that nobody else holds and nobody else has decided; what it held and
 * does not get again is free for others at once.
 * @param now ms since 1970
 */
export function lease(db: Database, request: LeaseRequest, now = Date.now()): Leased {
  const { reviewer, window, count } = request
  // A lease ends by itself: a power cut takes nobody's work with it.
  return inPassing(db, () => {
    const candidates = candidatesOf(db, request, now)
    const most = Math.min(count, MOST_HELD - heldElsewhere(db, reviewer, window, now))
    const granted: number[] = []
    const taken: number[] = []
    for (const { id, free, decidedBy } of candidates) {
      if (granted.length >= most) break
      ;(free && (decidedBy === null || decidedBy === reviewer) ? granted : taken).push(id)
    }
    holdInstead(db, request, granted, now)
    return { granted, taken }
  })
}

/**
 * Those of the fields that nobody else works on.
 * @throws NominaError('conflict') where none is left: the one field, or all of them, are somebody else's just now
 */
export function notHeld(db: ReadOnlyDatabase, ids: number[], reviewer: string): number[] {
  const held = heldByOthers(db, reviewer)
  const free = held.size ? ids.filter((id) => !held.has(id)) : ids
  if (ids.length && !free.length) throw new NominaError('conflict', say('somebodyElse'))
  return free
}
