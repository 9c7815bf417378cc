import type { Input, Output } from '../../../shared/contract'
import { NominaError, say } from '../../../shared/failure'
import { immediate, type Database, type ReadOnlyDatabase } from '../../store'
import { labellingKinds } from '../../store/states'
import { shuffle } from '../../review/shuffle'
import { latestKeys } from './keys'
import { same } from './verdicts'

type Round = Output<'second.rounds'>['rounds'][number]

interface Candidate {
  fieldId: number
  decisionId: number
}

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
    const { lastInsertRowid } = db
      .prepare('INSERT INTO rounds (name, started_by, started_at, parameters) VALUES (?, ?, ?, ?)')
      .run(request.name || 'Second keying', reviewer, new Date().toISOString(), JSON.stringify({ ...request, seed }))
    const insert = db.prepare(
      'INSERT INTO round_fields (round_id, field_id, decision_id, position) VALUES (?, ?, ?, ?)'
    )
    drawn.forEach((fieldId, position) => insert.run(lastInsertRowid, fieldId, byId.get(fieldId)!.decisionId, position))
    return { id: Number(lastInsertRowid), fields: drawn.length }
  })
}

function drawable(db: ReadOnlyDatabase, request: Input<'second.start'>): Candidate[] {
  const { reviewers, corrected = false, maxConfidence } = request
  return db
    .prepare<[Record<string, unknown>], Candidate>(
      `SELECT f.id AS fieldId, d.id AS decisionId FROM fields f JOIN decisions d ON d.id = f.decision_id
       WHERE d.origin = 'person' AND d.kind IN ${labellingKinds}
         AND (@reviewers IS NULL OR d.reviewer IN (SELECT value FROM json_each(@reviewers)))
         AND (@corrected = 0 OR d.kind = 'corrected')
         AND (@maxConfidence IS NULL OR f.confidence IS NULL OR f.confidence <= @maxConfidence)
         AND NOT EXISTS (SELECT 1 FROM round_fields rf JOIN rounds r ON r.id = rf.round_id
                         WHERE rf.field_id = f.id AND r.closed_at IS NULL)
       ORDER BY f.id`
    )
    .all({
      reviewers: reviewers?.length ? JSON.stringify(reviewers) : null,
      corrected: corrected ? 1 : 0,
      maxConfidence: maxConfidence ?? null
    })
}

export function listRounds(db: ReadOnlyDatabase): Round[] {
  const rounds = db
    .prepare<[], Omit<Round, 'keyed' | 'agreed' | 'open'>>(
      `SELECT r.id, r.name, r.started_by AS startedBy, r.started_at AS startedAt, r.closed_at AS closedAt,
        (SELECT count(*) FROM round_fields WHERE round_id = r.id) AS fields
       FROM rounds r ORDER BY r.id DESC`
    )
    .all()
  return rounds.map((round) => {
    const keys = latestKeys(db, round.id)
    const agreed = keys.filter((key) => same(key.first, key.second)).length
    return { ...round, keyed: keys.length, agreed, open: keys.filter(isOpen).length }
  })
}

const isOpen = (key: ReturnType<typeof latestKeys>[number]): boolean => !same(key.first, key.second) && !key.settled

/** A closed round takes no more keys; its differences can still be settled. */
export function closeRound(db: Database, round: number): void {
  const { changes } = db
    .prepare('UPDATE rounds SET closed_at = ? WHERE id = ? AND closed_at IS NULL')
    .run(new Date().toISOString(), round)
  if (!changes) openRound(db, round)
}

/** @throws NominaError('not-found' | 'refused') */
export function openRound(db: ReadOnlyDatabase, round: number): void {
  const found = db
    .prepare<[number], { closedAt: string | null }>('SELECT closed_at AS closedAt FROM rounds WHERE id = ?')
    .get(round)
  if (!found) throw new NominaError('not-found', `There is no round ${round} of second keying.`)
  if (found.closedAt) throw new NominaError('refused', say('roundClosed'))
}
