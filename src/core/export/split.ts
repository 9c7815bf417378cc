/**
 * Which part of a split a field falls in. What is given a part stays in it; what comes later joins what looks the same: a whole
 * page, or a file that is one image, goes together with all that show one of its fields pixel by pixel.
 */
import { createHash } from 'node:crypto'
import type { ExportOptions } from '../../shared/domain'
import { NominaError, say } from '../../shared/failure'
import type { ReadOnlyDatabase } from '../store'
import { cropsInParts, storedParts } from '../store/split-parts'
import type { ExportRow } from '../store/export-rows'

export const parts = ['train', 'validation', 'test'] as const
export type Part = (typeof parts)[number]
/** Of a project that has learnt, beside the parts of the split. */
export const judgesPart = 'judges'
export type Shares = NonNullable<ExportOptions['split']>

/** @throws NominaError('invalid-input') where the shares are no shares */
export function checkShares(shares: Shares): void {
  const values = parts.map((part) => shares[part])
  const total = values.reduce((sum, value) => sum + value, 0)
  if (values.some((value) => !(value >= 0)) || Math.abs(total - 100) > 1e-6) {
    throw new NominaError('invalid-input', say('splitTotal', { total }))
  }
}

export const nameOfSplit = ({ train, validation, test }: Shares): string => `${train}/${validation}/${test}`

type Placed = Pick<ExportRow, 'id' | 'contentId' | 'crop' | 'sha256' | 'path' | 'page' | 'quad' | 'position'>

export interface Assigned {
  partOf(row: Placed): Part
  /** Parts given now, by content: to be stored where the export is written. */
  given: Map<number, Part>
}

/** A page, or a file that is one image. */
interface Unit {
  key: string
  first: Placed
  /** Of its fields that are not blank. */
  crops: Set<string>
}

/** @param rows all that are written, in file order; `crop` null for those that are no twins of anything */
export function assignParts(db: ReadOnlyDatabase, rows: Iterable<Placed>, shares: Shares): Assigned {
  const split = nameOfSplit(shares)
  const stored = storedParts(db, split) as Map<number, Part>
  const earlier = Map.groupBy(cropsInParts(db, split), ({ sha256 }) => sha256)
  const units = unitsOf(rows)
  const given = new Map<number, Part>()
  const partOfUnit = new Map<string, Part>()
  for (const group of groupsOf([...units.values()].filter((unit) => !stored.has(unit.first.contentId ?? -1)))) {
    // The first that came in gives the group its place; what is in a part already draws it there.
    const twin = nearest(group, earlier)
    const part = twin === null ? placeOf(group[0]!.first, shares) : stored.get(twin)!
    for (const { key, first } of group) {
      partOfUnit.set(key, part)
      if (first.contentId !== null) given.set(first.contentId, part)
    }
  }
  // What was decided while the others were looked at falls where it would by itself.
  const partOf = (row: Placed): Part =>
    stored.get(row.contentId ?? -1) ?? partOfUnit.get(keyOf(row)) ?? placeOf(row, shares)
  return { given, partOf }
}

/** The same content lies in one part wherever it lies; without a content, what the file is must do. */
const keyOf = ({ contentId, sha256, path, page, quad }: Placed): string =>
  contentId === null ? `${sha256 ?? path}${quad === null ? '' : ` ${page}`}` : `content ${contentId}`

function unitsOf(rows: Iterable<Placed>): Map<string, Unit> {
  const units = new Map<string, Unit>()
  for (const row of rows) {
    const key = keyOf(row)
    const unit = units.get(key) ?? { key, first: row, crops: new Set<string>() }
    if (row.id < unit.first.id) unit.first = row
    if (row.crop !== null) unit.crops.add(row.crop)
    units.set(key, unit)
  }
  return units
}

/** Units that show the same, together; in each the one that came in first is first. */
function groupsOf(units: Unit[]): Unit[][] {
  const sorted = units.sort((a, b) => a.first.id - b.first.id)
  const leader = new Map<Unit, Unit>()
  const leaderOf = (unit: Unit): Unit => {
    const next = leader.get(unit)
    if (!next) return unit
    const last = leaderOf(next)
    leader.set(unit, last)
    return last
  }
  const shown = new Map<string, Unit>()
  for (const unit of sorted) {
    for (const crop of unit.crops) {
      const other = shown.get(crop)
      if (!other) shown.set(crop, unit)
      const [a, b] = [leaderOf(other ?? unit), leaderOf(unit)]
      if (a !== b) leader.set(a.first.id < b.first.id ? b : a, a.first.id < b.first.id ? a : b)
    }
  }
  return [...Map.groupBy(sorted, leaderOf).values()]
}

/** The content, in a part already, that shows one of the group's fields and lies nearest in file order. */
function nearest(
  group: Unit[],
  earlier: ReadonlyMap<string, { contentId: number; position: number }[]>
): number | null {
  let found: { contentId: number; distance: number } | null = null
  for (const { first, crops } of group) {
    for (const crop of crops) {
      for (const { contentId, position } of earlier.get(crop) ?? []) {
        const distance = Math.abs(position - first.position)
        if (!found || distance < found.distance) found = { contentId, distance }
      }
    }
  }
  return found?.contentId ?? null
}

/** By what the file is alone, so that the same project always gives the same split. */
function placeOf({ sha256, path, page, quad }: Placed, shares: Shares): Part {
  // The pages of one file are different writers' more often than not; the fields of one page are one writer's.
  const own = quad === null ? sha256 : null
  const hash =
    own ??
    createHash('sha256')
      .update(quad === null ? path : `${sha256 ?? path} ${page}`)
      .digest('hex')
  const place = (Number.parseInt(hash.slice(0, 8), 16) / 2 ** 32) * 100
  if (place < shares.train) return 'train'
  return place < shares.train + shares.validation || shares.test === 0 ? 'validation' : 'test'
}
