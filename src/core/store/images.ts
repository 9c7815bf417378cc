/** Images: what the pixels determine; files with identical bytes share one. */
import type { QuarterTurns } from '../../shared/domain'
import type { Database } from './handle'
import { reading, writing } from './statements'

/** The image's id, made where there is none. `width`, `height`: px after rotation. */
export function ensureImage(
  db: Database,
  image: { sha256: string; page: number; rotation: QuarterTurns; width: number; height: number }
): number {
  const { sha256, page, rotation, width, height } = image
  const found = reading<[string, number, number], { id: number }>(
    db,
    'SELECT id FROM images WHERE sha256 = ? AND page = ? AND rotation = ?'
  ).get(sha256, page, rotation)
  if (found) return found.id
  const made = writing(db, 'INSERT INTO images (sha256, page, rotation, width, height) VALUES (?, ?, ?, ?, ?)').run(
    sha256,
    page,
    rotation,
    width,
    height
  )
  return Number(made.lastInsertRowid)
}
