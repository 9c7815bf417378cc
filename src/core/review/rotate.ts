import type { FieldRow, QuarterTurns } from '../../shared/domain'
import type { Database } from '../store'
import { readStacks, type Turn } from '../store/actions'
import { actOnce } from './change'
import { readRow } from './rows'
import { readTurned } from '../store/turns'

/**
 * Turns a field to `turns` clockwise quarter turns from how it was scanned (0: as scanned): an act that undo takes back, no
 * decision. Fields with the same pixels that are turned alike share one image and so one reading.
 * @returns the row, and the image that now has to be read, null where the source has none
 * @throws NominaError('not-found')
 */
export function rotateField(
  db: Database,
  id: number,
  turns: QuarterTurns,
  { reviewer, request }: { reviewer: string; request?: string | undefined }
): { row: FieldRow; imageId: number | null } {
  actOnce<Turn>(db, { reviewer, request }, () => {
    const { rotation: before } = readTurned(db, id)
    if (turns === before) return null
    return {
      action: () => ({
        kind: 'rotate',
        targetId: null,
        belowId: readStacks(db, reviewer).done,
        otherId: null,
        reviewer,
        request
      }),
      items: [{ fieldId: id, turns, before }],
      part: (some) => ({ decisions: [], turns: some, left: 0 })
    }
  })
  return { row: readRow(db, id), imageId: readTurned(db, id).imageId }
}
