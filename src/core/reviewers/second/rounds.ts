import type { Input, Output } from '../../../shared/contract'
import { NominaError, say } from '../../../shared/failure'
import { immediate, type Database, type ReadOnlyDatabase } from '../../store'
import {
  drawableFields,
  insertRound,
  markClosed,
  readRound,
  readRounds,
  type Candidate
} from '../../store/second-keying'
import { shuffle } from '../../review/shuffle'
import { latestKeys } from './keys'
import { same } from './verdicts'

type Round = Output<'second.rounds'>['rounds'][number]

/**
 * Draws a uniform random sample, by seed, of the fields that a person decided (wrong crops aside) and that no open round
 * holds.
 * @throws NominaError('invalid-input') where neither a share nor a number is given, or nothing can be drawn
 */
export function startRound(
  db: Database,
  request: Input<'second.start'>,
  reviewer: string
): { id: number; fields: number } {
  if ((request.share === undefined) === (request.count === undefined))
    throw new NominaError('invalid-input', 'Say either which share of the decided fields to key again, or how many.')
  return immediate(db, () => {
    const candidates = drawable(db, request)
    const wanted = request.count ?? Math.round(candidates.length * request.share!)
    if (!candidates.length) throw new NominaError('invalid-input', say('noneDecided'))
    if (wanted < 1)
      throw new NominaError(
        'invalid-input',
        `That share of ${candidates.length} decided fields is less than one field.`
      )
    const seed = request.seed ?? Math.floor(Math.random() * 2 ** 31)
    const byId = new Map(candidates.map((candidate) => [candidate.fieldId, candidate]))
    const drawn = shuffle([...byId.keys()], seed).slice(0, wanted)
    const name = request.name || 'Second keying'
    const chosen = drawn.map((fieldId) => byId.get(fieldId)!)
    return { id: insertRound(db, { name, reviewer, parameters: { ...request, seed } }, chosen), fields: drawn.length }
  })
}

function drawable(db: ReadOnlyDatabase, request: Input<'second.start'>): Candidate[] {
  const { reviewers, corrected = false, maxConfidence = null } = request
  return drawableFields(db, { reviewers: reviewers?.length ? reviewers : null, corrected, maxConfidence })
}

export function listRounds(db: ReadOnlyDatabase): Round[] {
  return readRounds(db).map((round) => {
    const keys = latestKeys(db, round.id)
    const agreed = keys.filter((key) => same(key.first, key.second)).length
    return { ...round, keyed: keys.length, agreed, open: keys.filter(isOpen).length }
  })
}

const isOpen = (key: ReturnType<typeof latestKeys>[number]): boolean => !same(key.first, key.second) && !key.settled

/** A closed round takes no more keys; its differences can still be settled. */
export function closeRound(db: Database, round: number): void {
  if (!markClosed(db, round)) openRound(db, round)
}

/** @throws NominaError('not-found' | 'refused') */
export function openRound(db: ReadOnlyDatabase, round: number): void {
  const found = readRound(db, round)
  if (!found) throw new NominaError('not-found', `There is no round ${round} of second keying.`)
  if (found.closedAt) throw new NominaError('refused', say('roundClosed'))
}
