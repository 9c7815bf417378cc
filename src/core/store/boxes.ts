/** Boxes on pages that decisions were made on, and whether the fields' boxes still cover their ink. */
import type { Quad } from '../../shared/forms'
import type { Database, ReadOnlyDatabase } from './handle'
import { reading, writing } from './statements'

export interface DecidedBox {
  /** `decisions.id` */
  decision: number
  /** Of the field. */
  name: string
  quad: Quad
}

/** Those of decisions on what the page shows now; also of those that were undone and may be done again. */
export const decidedBoxes = (db: ReadOnlyDatabase, pageId: number): DecidedBox[] =>
  reading<[number], Omit<DecidedBox, 'quad'> & { quad: string }>(
    db,
    `SELECT d.id AS decision, f.name, d.quad FROM fields f JOIN pages p ON p.id = f.page_id JOIN decisions d ON d.field_id = f.id
       WHERE f.page_id = ? AND d.kind <> 'undone' AND d.quad IS NOT NULL AND d.content_id IS p.content_id`
  )
    .all(pageId)
    .map(({ quad, ...box }) => ({ ...box, quad: JSON.parse(quad) as Quad }))

/** A box that moved less than this off the ink it was decided on is still that field: the rest of it, 0 to 1, may be lost. */
const leastCovered = 0.8

/** @param covered how much of each decision's ink its field's box covers now, from 0 to 1 */
export function storeCovered(db: Database, covered: readonly { decision: number; share: number }[]): void {
  const insert = writing(db, 'INSERT OR REPLACE INTO uncovered (decision_id, share) VALUES (?, ?)')
  const remove = writing(db, 'DELETE FROM uncovered WHERE decision_id = ?')
  for (const { decision, share } of covered) {
    if (share < leastCovered) insert.run(decision, share)
    else remove.run(decision)
  }
}
