import type { Input, Output } from '../../../shared/contract'
import { NominaError, say } from '../../../shared/failure'
import { readRows } from '../../review'
import { immediate, type Database, type ReadOnlyDatabase } from '../../store'
import { fieldsOfRound, insertKey, keyersOf, keyOfRequest, leftToKey } from '../../store/second-keying'
import { latestKeys } from './keys'
import { openRound } from './rounds'
import { same, verdictOf } from './verdicts'

/** What is left to key for this person; their own decisions only where they ask for them. */
export function secondQueue(
  db: ReadOnlyDatabase,
  { round, own = false }: Input<'second.queue'>,
  reviewer: string
): Output<'second.queue'> {
  openRound(db, round)
  const fields = leftToKey(db, round, reviewer)
  return {
    ids: fields.filter((field) => own || !field.own).map((field) => field.id),
    own: fields.filter((field) => field.own).length
  }
}

/** Only the picture: neither label nor reading, whatever the window would do with them. */
export function secondRows(db: ReadOnlyDatabase, { round, ids }: Input<'second.rows'>): Output<'second.rows'> {
  const inRound = fieldsOfRound(db, round)
  const rows = readRows(
    db,
    ids.filter((id) => inRound.has(id))
  )
  return {
    rows: rows.map(({ id, width, height, rotation, imageVersion }) => ({ id, width, height, rotation, imageVersion }))
  }
}

/**
 * Stores one blind key; the same request sent twice is one key.
 * @throws NominaError('not-found' | 'refused') a closed round, a field that is not in it, one's own decision, a field that
 * somebody else has keyed meanwhile
 */
export function keyAgain(
  db: Database,
  { round, id, kind, text, own = false, request }: Input<'second.key'>,
  reviewer: string
): Output<'second.key'> {
  return immediate(db, () => {
    if (!isKnown(db, { round, id, request }, reviewer)) {
      openRound(db, round)
      mayKey(db, round, id, reviewer, own)
      const verdict = verdictOf(kind, text)
      insertKey(db, { round, field: id, ...verdict, reviewer, request: request ?? null })
    }
    const key = latestKeys(db, round).find((candidate) => candidate.fieldId === id)!
    return {
      agreed: same(key.first, key.second),
      left: leftToKey(db, round, reviewer).filter((field) => own || !field.own).length
    }
  })
}

/** @throws NominaError('invalid-input') the same name for a key on another field */
function isKnown(
  db: ReadOnlyDatabase,
  { round, id, request }: Pick<Input<'second.key'>, 'round' | 'id' | 'request'>,
  reviewer: string
): boolean {
  if (request === undefined) return false
  const known = keyOfRequest(db, reviewer, request)
  if (known && (known.round !== round || known.id !== id))
    throw new NominaError('invalid-input', 'This request was a key on another field already.')
  return known !== undefined
}

function mayKey(db: ReadOnlyDatabase, round: number, id: number, reviewer: string, own: boolean): void {
  const found = keyersOf(db, round, id)
  if (!found) throw new NominaError('not-found', `Field ${id} is not in this round of second keying.`)
  if (found.first === reviewer && !own) throw new NominaError('refused', say('ownField'))
  if (found.second !== null && found.second !== reviewer)
    throw new NominaError('refused', `${found.second} has keyed this field meanwhile.`)
}
