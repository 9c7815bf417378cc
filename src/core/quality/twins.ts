/** Identical and almost identical crops that were given different labels: at least one of these is wrong. */
import { askFiles } from '../../reading/pages/process'
import { fieldFile } from '../crop'
import { immediate, type Database, type ReadOnlyDatabase } from '../store'
import { parts, yielding } from '../store/slices'
import { imageHashes, keepImageHash, labelledCropsAfter, type LabelledCrop } from '../store/labelled'

export interface Twin {
  id: number
  label: string
}

/**
 * Crops are near where so small a share of the edges of either is not in both. Of 11,175 pairs of different names' crops
 * fewer than 1 in 1,000 are nearer than 0.37; of crops saved again smaller and at quality 50 half are.
 */
const NEAR = 0.25
/** Crops hashed at a time. */
const AT_ONCE = 4
/** Crops with the same reading and different labels, of one reading and in all; beyond, likeness is not looked for. */
const MOST_OF_READING = 200
const MOST_HASHED = 5000
/** Fields at a time: some 10 ms. */
const SLICE = 3000

/** By field: others with another label. */
export interface Twins {
  /** With the same pixels. */
  identical: Map<number, Twin[]>
  /** With almost the same crop and the same reading. */
  near: Map<number, Twin[]>
}

/** Hashes of crops that had to be made are kept for the next time. */
export async function findTwins(db: Database, signal?: AbortSignal): Promise<Twins> {
  const byImage = new Map<number, LabelledCrop[]>()
  const byReading = new Map<string, LabelledCrop[]>()
  for await (const rows of labelled(db, signal))
    for (const row of rows) {
      push(byImage, row.imageId, row)
      if (row.reading) push(byReading, row.reading, row)
    }
  const contradicting = (group: LabelledCrop[]): boolean => group.some(({ label }) => label !== group[0]!.label)
  const identical: Twins['identical'] = new Map()
  for (const group of byImage.values()) if (contradicting(group)) pairUp(group, identical, () => true)
  const groups = [...byReading.values()].filter(contradicting).map((group) => group.slice(0, MOST_OF_READING))
  const hashes = await hashesOf(db, groups.flat().slice(0, MOST_HASHED), signal)
  const near: Twins['near'] = new Map()
  const areNear = (a: LabelledCrop, b: LabelledCrop): boolean => {
    const [one, other] = [hashes.get(a.imageId), hashes.get(b.imageId)]
    return a.imageId !== b.imageId && one !== undefined && other !== undefined && distance(one, other) <= NEAR
  }
  for await (const [group] of parts(db, groups, 1, signal)) pairUp(group!, near, areNear)
  return { identical, near }
}

async function* labelled(db: ReadOnlyDatabase, signal?: AbortSignal): AsyncGenerator<LabelledCrop[]> {
  let after = 0
  for await (const rows of yielding(db, () => labelledCropsAfter(db, after, SLICE), signal)) {
    after = rows.at(-1)!.id
    yield rows
  }
}

/** By image, as far as their files can be read now; made where they are not kept yet. */
async function hashesOf(db: Database, rows: LabelledCrop[], signal?: AbortSignal): Promise<Map<number, bigint>> {
  const byImage = new Map(rows.map((row) => [row.imageId, row.id]))
  const known = imageHashes(db, [...byImage.keys()])
  const hashes = new Map(known.map(({ id, hash }) => [id, BigInt(`0x${hash}`)]))
  const missing = [...byImage].filter(([imageId]) => !hashes.has(imageId))
  for await (const some of parts(db, missing, AT_ONCE, signal)) {
    const made = await Promise.all(some.map(([, fieldId]) => hashOfField(db, fieldId)))
    immediate(db, () => {
      made.forEach((hash, index) => {
        if (hash === null) return
        hashes.set(some[index]![0], BigInt(`0x${hash}`))
        keepImageHash(db, some[index]![0], hash)
      })
    })
  }
  return hashes
}

/** In hexadecimal. Null where its file cannot be read now: of that the field itself tells. */
const hashOfField = (db: ReadOnlyDatabase, fieldId: number): Promise<string | null> =>
  fieldFile(db, fieldId)
    .then((field) => askFiles('likeness', field))
    .catch(() => null)

function push<K>(groups: Map<K, LabelledCrop[]>, key: K, row: LabelledCrop): void {
  const group = groups.get(key)
  if (group) group.push(row)
  else groups.set(key, [row])
}

function pairUp(
  group: LabelledCrop[],
  twins: Map<number, Twin[]>,
  areTwins: (a: LabelledCrop, b: LabelledCrop) => boolean
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
