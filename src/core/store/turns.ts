/** How fields lie: read, and turned in an act. */
import type { QuarterTurns } from '../../shared/domain'
import { NominaError } from '../../shared/failure'
import type { Database, ReadOnlyDatabase } from './handle'
import { reading, writing } from './statements'
import type { BegunAction, Turn } from './actions'

interface Turned {
  imageId: number | null
  rotation: QuarterTurns
  sha256: string | null
  page: number
  width: number | null
  height: number | null
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

/** @throws NominaError('not-found') */
export function readTurned(db: ReadOnlyDatabase, id: number): Turned {
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
