/** Packed lattices beside CTC readings: see reading/decode/lattice.ts. */
import { unpackLattice, type Lattice } from '../../reading/decode/lattice'
import type { Database, ReadOnlyDatabase } from './handle'
import { reading, writing } from './statements'

/** Takes the place of an older one; null: the reading has none. */
export function storeLattice(db: Database, readingId: number, lattice: Uint8Array | null): void {
  if (!lattice) writing(db, 'DELETE FROM lattices WHERE reading_id = ?').run(readingId)
  else {
    const bytes = Buffer.from(lattice.buffer, lattice.byteOffset, lattice.byteLength)
    writing(
      db,
      'INSERT INTO lattices (reading_id, bytes) VALUES (?, ?) ON CONFLICT (reading_id) DO UPDATE SET bytes = excluded.bytes'
    ).run(readingId, bytes)
  }
}

export const readLattice = (db: ReadOnlyDatabase, readingId: number): Lattice | null =>
  latticesOf(db, [readingId]).get(readingId) ?? null

interface Stored {
  readingId: number
  modelId: number
  bytes: Buffer
}
interface Classes {
  charset: string[]
  blank: number
}

/** By reading; a reading without one is left out. */
export function latticesOf(db: ReadOnlyDatabase, readingIds: number[]): Map<number, Lattice> {
  const rows = reading<[string], Stored>(
    db,
    `SELECT l.reading_id AS readingId, r.model_id AS modelId, l.bytes
     FROM json_each(?) wanted JOIN lattices l ON l.reading_id = wanted.value JOIN readings r ON r.id = l.reading_id`
  ).all(JSON.stringify(readingIds))
  const models = new Map<number, Classes>()
  const lattices = new Map<number, Lattice>()
  for (const { readingId, modelId, bytes } of rows) {
    let model = models.get(modelId)
    if (!model) models.set(modelId, (model = classesOfModel(db, modelId)))
    lattices.set(readingId, unpackLattice(bytes, model.charset, model.blank))
  }
  return lattices
}

function classesOfModel(db: ReadOnlyDatabase, modelId: number): Classes {
  const json = reading<[number], { manifest: string }>(db, 'SELECT manifest FROM models WHERE id = ?').get(modelId)!
  const { charset, blank } = JSON.parse(json.manifest) as { charset: string[]; blank?: number }
  return { charset, blank: blank ?? 0 }
}
