import type { Input, Output } from '../../../shared/contract'
import { NominaError } from '../../../shared/failure'
import { decide, labelState, readRows } from '../../review'
import { nothingChanged, type Change } from '../../review/change'
import { immediate, type Database, type ReadOnlyDatabase } from '../../store'
import { insertAdjudication, roundOfKey } from '../../store/second-keying'
import { latestKeys } from './keys'
import { same, verdictOf, type Verdict } from './verdicts'

/** Where first and second key differ; settled ones only on request. */
export function differences(
  db: ReadOnlyDatabase,
  { round, settled = false }: Input<'second.differences'>
): Output<'second.differences'> {
  const keys = latestKeys(db, round).filter((key) => !same(key.first, key.second) && (settled || !key.settled))
  const rows = new Map(
    readRows(
      db,
      keys.map((key) => key.fieldId)
    ).map((row) => [row.id, row])
  )
  return {
    differences: keys.map(({ keyId, fieldId, first, second, settled: third }) => ({
      keyId,
      row: rows.get(fieldId)!,
      first,
      second,
      settled: third
    }))
  }
}

/**
 * Settles one difference: what it says becomes the field's decision where it is not its label already.
 * @throws NominaError('not-found') no such key, or a later key took its place; ('conflict') the field was decided on since it
 *   was seen or, where nobody says what was seen, since the round was drawn
 */
export function adjudicate(
  db: Database,
  { keyId, kind, text, seen, request }: Input<'second.settle'>,
  reviewer: string
): Change {
  return immediate(db, () => {
    const round = roundOfKey(db, keyId)
    const key = round === undefined ? undefined : latestKeys(db, round).find((candidate) => candidate.keyId === keyId)
    if (!key) throw new NominaError('not-found', 'This second key is not there any more: look at the list again.')
    if (key.settled) return nothingChanged(db)
    const verdict = verdictOf(kind, text)
    const change = same(verdict, labelOf(db, key.fieldId))
      ? nothingChanged(db)
      : decide(db, {
          ids: [key.fieldId],
          kind: verdict.kind === 'text' ? 'corrected' : verdict.kind,
          text: verdict.text ?? undefined,
          seen: seen === undefined ? key.first.at : seen,
          reviewer,
          request
        })
    insertAdjudication(db, { key: keyId, ...verdict, action: change.action, reviewer })
    return change
  })
}

function labelOf(db: ReadOnlyDatabase, fieldId: number): Verdict {
  const row = readRows(db, [fieldId])[0]!
  const state = labelState(row)
  return state === 'text' ? verdictOf('text', row.text ?? '') : { kind: state ?? 'blank', text: null }
}
