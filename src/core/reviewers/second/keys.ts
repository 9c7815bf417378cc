import type { DecisionKind } from '../../../shared/domain'
import type { ReadOnlyDatabase } from '../../store'
import { verdictOfDecision, type KeyKind, type Verdict } from './verdicts'

/** The latest second key of a field, beside what it is compared to. */
export interface SecondKey {
  keyId: number
  roundId: number
  fieldId: number
  first: Verdict & { reviewer: string; at: string }
  second: Verdict & { reviewer: string; at: string }
  settled: (Verdict & { reviewer: string; at: string }) | null
}

interface Row {
  keyId: number
  roundId: number
  fieldId: number
  firstKind: DecisionKind
  firstText: string | null
  firstBy: string
  firstAt: string
  kind: KeyKind
  text: string | null
  reviewer: string
  at: string
  settledKind: KeyKind | null
  settledText: string | null
  settledBy: string | null
  settledAt: string | null
}

/** Of one round, or of all. */
export const latestKeys = (db: ReadOnlyDatabase, round: number | null): SecondKey[] =>
  db
    .prepare<[{ round: number | null }], Row>(
      `SELECT k.id AS keyId, k.round_id AS roundId, k.field_id AS fieldId, d.kind AS firstKind, d.text AS firstText,
        d.reviewer AS firstBy, d.at AS firstAt, k.kind, k.text, k.reviewer, k.at,
        a.kind AS settledKind, a.text AS settledText, a.reviewer AS settledBy, a.at AS settledAt
       FROM second_keys k JOIN round_fields rf ON rf.round_id = k.round_id AND rf.field_id = k.field_id
       JOIN decisions d ON d.id = rf.decision_id LEFT JOIN adjudications a ON a.second_key_id = k.id
       WHERE (@round IS NULL OR k.round_id = @round)
         AND k.id = (SELECT max(id) FROM second_keys WHERE round_id = k.round_id AND field_id = k.field_id)
       ORDER BY k.id`
    )
    .all({ round })
    .map((row) => ({
      keyId: row.keyId,
      roundId: row.roundId,
      fieldId: row.fieldId,
      first: { ...verdictOfDecision(row.firstKind, row.firstText)!, reviewer: row.firstBy, at: row.firstAt },
      second: { kind: row.kind, text: row.text, reviewer: row.reviewer, at: row.at },
      settled: row.settledKind && {
        kind: row.settledKind,
        text: row.settledText,
        reviewer: row.settledBy!,
        at: row.settledAt!
      }
    }))
