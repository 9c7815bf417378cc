import type { ReadOnlyDatabase } from '../../store'
import { readLatestKeys } from '../../store/second-keying'
import { verdictOfDecision, type Verdict } from './verdicts'

/** The latest second key of a field, beside what it is compared to. */
export interface SecondKey {
  keyId: number
  roundId: number
  fieldId: number
  first: Verdict & { reviewer: string; at: string }
  second: Verdict & { reviewer: string; at: string }
  settled: (Verdict & { reviewer: string; at: string }) | null
}

/** Of one round, or of all. */
export const latestKeys = (db: ReadOnlyDatabase, round: number | null): SecondKey[] =>
  readLatestKeys(db, round).map((row) => ({
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
