/** Rows that judge what the project's readers learn: a training export leaves none out, and says which they are. */
import type { ExportOptions } from '../../shared/domain'
import { traitsOf } from '../../shared/export-formats'
import { inEnglish, say } from '../../shared/failure'
import { judgeOf, judgesAmong, type Judges } from '../learning/judges'
import type { ReadOnlyDatabase } from '../store'
import { modelsOfFields } from '../store/field-models'
import { decidedThatMayJudge, hasLearnt } from '../store/generations'
import type { ExportRow } from '../store/export-rows'

export interface ExportJudges {
  has(row: ExportRow): boolean
}

/** Null: it has learnt nothing, has set none apart, or this is no export to train on. Each reader has judges of its own. */
export function judgesIn(db: ReadOnlyDatabase, { format }: Pick<ExportOptions, 'format'>): ExportJudges | null {
  if (!traitsOf(format).trains || !hasLearnt(db)) return null
  const readers = [null, ...modelsOfFields(db)].map((model): Judges => judgesAmong(decidedThatMayJudge(db, model)))
  const some = readers.filter((judges) => judges.size > 0)
  if (!some.length) return null
  return {
    has: ({ picture, pictureOf, contentId, quad }) =>
      picture !== null &&
      some.some((judges) => {
        const field = { sha256: picture, page: pictureOf, contentId: quad === null ? contentId : null }
        return judgeOf(judges, field) !== null
      })
  }
}

export const judgesNote = (count: number): string => inEnglish(say('judgesAmong', { count }))
