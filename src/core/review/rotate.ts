import type { FieldRow, QuarterTurns } from '../../shared/domain'
import { NominaError } from '../../shared/failure'
import type { Database, ReadOnlyDatabase } from '../store'
import { reading, writing } from '../store/statements'
import { readStacks, type BegunAction, type Turn } from './actions'
import { actOnce } from './change'
import { readRow } from './rows'

interface Turned {
  imageId: number | null
  rotation: QuarterTurns
  sha256: string | null
  page: number
  width: number | null
  height: number | null
}

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

/** Those whose field still lies as before the turn. */
export const turnable = (db: ReadOnlyDatabase, turns: Turn[]): Turn[] =>
  turns.filter(({ fieldId, before }) => readTurned(db, fieldId).rotation === before)

/** Turns fields in an act; `deriveFields` for them follows. */
export function turnFields(db: Database, { actionId, at }: BegunAction, turned: readonly Turn[]): void {
  for (const { fieldId, turns, before } of turned) {
    const field = readTurned(db, fieldId)
    const imageId = field.imageId === null || field.sha256 === null ? null : turnedImage(db, field, turns)
    writing(db, 'UPDATE fields SET rotation = ?, image_id = ? WHERE id = ?').run(turns, imageId, fieldId)
    writing(db, 'INSERT INTO rotations (field_id, turns, turns_before, action_id, at) VALUES (?, ?, ?, ?, ?)').run(
      fieldId,
      turns,
      before,
      actionId,
      at
    )
  }
}

function readTurned(db: ReadOnlyDatabase, id: number): Turned {
  const field = reading<[number], Turned>(
    db,
    `SELECT f.image_id AS imageId, f.rotation, i.sha256, f.page, i.width, i.height
     FROM fields f LEFT JOIN images i ON i.id = f.image_id WHERE f.id = ?`
  ).get(id)
  if (!field) throw new NominaError('not-found', `There is no field with the number ${id}.`)
  return field
}

function turnedImage(db: Database, { sha256, page, rotation, width, height }: Turned, turns: QuarterTurns): number {
  const swapped = (turns - rotation) % 2 !== 0
  const size = swapped ? { width: height, height: width } : { width, height }
  writing(
    db,
    `INSERT INTO images (sha256, page, rotation, width, height) VALUES (@sha256, @page, @turns, @width, @height)
     ON CONFLICT (sha256, page, rotation) DO NOTHING`
  ).run({ sha256, page, turns, ...size })
  return reading<[string, number, number], { id: number }>(
    db,
    'SELECT id FROM images WHERE sha256 = ? AND page = ? AND rotation = ?'
  ).get(sha256!, page, turns)!.id
}
