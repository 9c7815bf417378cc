/** Identical and almost identical crops that were given different labels: at least one of these is wrong. */
import sharp from 'sharp'
import { fieldImage } from '../crop'
import { immediate, type Database, type ReadOnlyDatabase } from '../store'
import { parts } from './slices'

export interface Twin {
  id: number
  label: string
}

/**
 * Crops are near where so small a share of the edges of either is not in both. Of 11,175 pairs of different names' crops
 * fewer than 1 in 1,000 are nearer than 0.37; of crops saved again smaller and at quality 50 half are.
 */
const NEAR = 0.25
/** Grey levels by which the left one of two neighbours must be lighter: paper is not quite even. */
const EDGE = 2
const HASH = { width: 32, height: 8 }
/** Crops hashed at a time. */
const AT_ONCE = 4
/** Crops with the same reading and different labels; beyond this many, likeness is not looked for. */
const MOST_HASHED = 5000

interface Candidate {
  id: number
  imageId: number
  label: string
  reading: string
}

/** By field: others with the same pixels and another label. */
export function identicalTwins(db: ReadOnlyDatabase): Map<number, Twin[]> {
  const rows = db
    .prepare<[], Candidate>(
      `SELECT f.id, f.image_id AS imageId, f.imported AS label, '' AS reading FROM fields f
       WHERE f.imported_state IS NOT NULL AND f.image_id IN (
         SELECT image_id FROM fields WHERE imported_state IS NOT NULL AND image_id IS NOT NULL
         GROUP BY image_id HAVING count(DISTINCT imported) > 1)`
    )
    .all()
  const twins = new Map<number, Twin[]>()
  for (const group of groupsOf(rows, (row) => String(row.imageId))) pairUp(group, twins, () => true)
  return twins
}

/** By field: others whose crop is almost the same, with the same reading and another label. Hashes are kept. */
export async function nearTwins(db: Database, signal?: AbortSignal): Promise<Map<number, Twin[]>> {
  const rows = db
    .prepare<[number], Candidate>(
      `WITH read AS (
         SELECT f.id, f.image_id AS imageId, f.imported AS label, r.text AS reading
         FROM fields f JOIN readings r ON r.id = f.reading_id WHERE f.imported_state IS NOT NULL AND r.text <> '')
       SELECT id, imageId, label, reading FROM read
       WHERE reading IN (SELECT reading FROM read GROUP BY reading HAVING count(DISTINCT label) > 1 AND count(*) > 1)
       ORDER BY reading, id LIMIT ?`
    )
    .all(MOST_HASHED)
  const hashes = await hashesOf(db, rows, signal)
  const twins = new Map<number, Twin[]>()
  const areNear = (a: Candidate, b: Candidate): boolean => {
    const [one, other] = [hashes.get(a.imageId), hashes.get(b.imageId)]
    return a.imageId !== b.imageId && one !== undefined && other !== undefined && distance(one, other) <= NEAR
  }
  for (const group of groupsOf(rows, (row) => row.reading)) pairUp(group, twins, areNear)
  return twins
}

/**
 * Difference hash: 256 comparisons of neighbouring pixels of the crop at 33 × 8 px (after N. Krawetz, "Kind of like that",
 * 2013, made wider for lines of text); survives scaling, compression and brightness.
 */
export async function differenceHash(image: Buffer): Promise<bigint> {
  const stride = HASH.width + 1
  const small = await sharp(image)
    .resize(stride, HASH.height, { fit: 'fill', kernel: 'linear' })
    .toColourspace('b-w')
    .extractChannel(0)
    .raw()
    .toBuffer()
  let hash = 0n
  for (let row = 0; row < HASH.height; row++)
    for (let column = 0; column < HASH.width; column++) {
      const at = row * stride + column
      hash = (hash << 1n) | (small[at]! > small[at + 1]! + EDGE ? 1n : 0n)
    }
  return hash
}

/** By image, as far as their files can be read now; made where they are not kept yet. */
async function hashesOf(db: Database, rows: Candidate[], signal?: AbortSignal): Promise<Map<number, bigint>> {
  const byImage = new Map(rows.map((row) => [row.imageId, row.id]))
  const known = db
    .prepare<[string], { id: number; hash: string }>(
      'SELECT image_id AS id, hash FROM image_hashes WHERE image_id IN (SELECT value FROM json_each(?))'
    )
    .all(JSON.stringify([...byImage.keys()]))
  const hashes = new Map(known.map(({ id, hash }) => [id, BigInt(`0x${hash}`)]))
  const missing = [...byImage].filter(([imageId]) => !hashes.has(imageId))
  for await (const some of parts(missing, AT_ONCE, signal)) {
    const made = await Promise.all(some.map(([, fieldId]) => hashOfField(db, fieldId)))
    immediate(db, () => {
      const insert = db.prepare('INSERT OR REPLACE INTO image_hashes (image_id, hash) VALUES (?, ?)')
      made.forEach((hash, index) => {
        if (hash === null) return
        hashes.set(some[index]![0], hash)
        insert.run(some[index]![0], hash.toString(16).padStart(64, '0'))
      })
    })
  }
  return hashes
}

/** Null where its file cannot be read now: of that the field itself tells. */
const hashOfField = (db: ReadOnlyDatabase, fieldId: number): Promise<bigint | null> =>
  fieldImage(db, fieldId, 'thumbnail').then(
    ({ bytes }) => differenceHash(bytes),
    () => null
  )

function* groupsOf(rows: Candidate[], keyOf: (row: Candidate) => string): Generator<Candidate[]> {
  const groups = new Map<string, Candidate[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  yield* groups.values()
}

function pairUp(
  group: Candidate[],
  twins: Map<number, Twin[]>,
  areTwins: (a: Candidate, b: Candidate) => boolean
): void {
  for (const one of group)
    for (const other of group) {
      if (one.label === other.label || !areTwins(one, other)) continue
      twins.set(one.id, [...(twins.get(one.id) ?? []), { id: other.id, label: other.label }])
    }
}

/** Share of the bits set in either that are not set in both: 0 alike … 1. */
export function distance(a: bigint, b: bigint): number {
  const either = bits(a | b)
  return either === 0 ? 0 : bits(a ^ b) / either
}

function bits(value: bigint): number {
  let count = 0
  for (let rest = value; rest; rest &= rest - 1n) count++
  return count
}
