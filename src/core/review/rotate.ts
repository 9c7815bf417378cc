import type { FieldRow, QuarterTurns } from '../../shared/domain'
import { NominaError } from '../../shared/failure'
import { currentModelId, deriveFields, immediate, type Database } from '../store'
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
 * Turns a field to `turns` clockwise quarter turns from how it was scanned (0: as scanned), for good; no decision. Fields with the
 * same pixels that are turned alike share one image and so one reading.
 * @returns the row, and the image that now has to be read, null where the source has none
 * @throws NominaError('not-found')
 */
export function rotateField(db: Database, id: number, turns: QuarterTurns): { row: FieldRow; imageId: number | null } {
  return immediate(db, () => {
    const field = readTurned(db, id)
    const imageId = field.imageId === null || field.sha256 === null ? null : turnedImage(db, field, turns)
    if (turns !== field.rotation) {
      db.prepare('UPDATE fields SET rotation = ?, image_id = ? WHERE id = ?').run(turns, imageId, id)
      const at = new Date().toISOString()
      db.prepare('INSERT INTO rotations (field_id, turns, at) VALUES (?, ?, ?)').run(id, turns, at)
      deriveFields(db, { fieldIds: [id] }, currentModelId(db))
    }
    return { row: readRow(db, id), imageId }
  })
}

function readTurned(db: Database, id: number): Turned {
  const field = db
    .prepare<[number], Turned>(
      `SELECT f.image_id AS imageId, f.rotation, i.sha256, f.page, i.width, i.height
       FROM fields f LEFT JOIN images i ON i.id = f.image_id WHERE f.id = ?`
    )
    .get(id)
  if (!field) throw new NominaError('not-found', `There is no field with the number ${id}.`)
  return field
}

function turnedImage(db: Database, { sha256, page, rotation, width, height }: Turned, turns: QuarterTurns): number {
  const swapped = (turns - rotation) % 2 !== 0
  const size = swapped ? { width: height, height: width } : { width, height }
  db.prepare(
    `INSERT INTO images (sha256, page, rotation, width, height) VALUES (@sha256, @page, @turns, @width, @height)
     ON CONFLICT (sha256, page, rotation) DO NOTHING`
  ).run({ sha256, page, turns, ...size })
  return db
    .prepare<[string, number, number], number>('SELECT id FROM images WHERE sha256 = ? AND page = ? AND rotation = ?')
    .pluck()
    .get(sha256!, page, turns)!
}
