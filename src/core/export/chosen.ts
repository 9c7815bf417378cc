/** Walks over the rows of an export a part at a time; the event loop is free in between. */
import type { ExportOptions } from '../../shared/domain'
import type { ReadOnlyDatabase } from '../store'
import { omission } from './omission'
import { traitsOf } from '../../shared/export-formats'
import { queueIds } from '../review'
import { orderedByPage, readExportRows, type ExportRow } from '../store/export-rows'
import type { Scans } from './scans'
import { assignParts, type Assigned } from './split'
import { turn } from '../store/slices'

/** Rows at a time: a chunk takes some 10 ms. */
const chunkSize = 500

export interface Chunk {
  rows: { row: ExportRow; /** Why it is left out; null where it is written. */ omitted: string | null }[]
  /** Rows looked at so far, and in all. */
  done: number
  total: number
}

/** The ids of the fields to look at, in file order; which of them are written is for `omission` to say. */
export function chosenIds(
  db: ReadOnlyDatabase,
  { format, rows, filter }: Pick<ExportOptions, 'format' | 'rows' | 'filter'>
): number[] {
  const ids = queueIds(db, { filter: rows === 'filter' ? (filter ?? {}) : {}, order: 'file' })
  return traitsOf(format).unit === 'record' ? orderedByPage(db, ids) : ids
}

export async function* chosenRows(
  db: ReadOnlyDatabase,
  options: ExportOptions,
  scans: Scans,
  signal?: AbortSignal
): AsyncGenerator<Chunk> {
  const ids = chosenIds(db, options)
  for (let start = 0; start < ids.length; start += chunkSize) {
    await turn(db, signal)
    const rows = readExportRows(db, ids.slice(start, start + chunkSize))
    yield {
      rows: rows.map((row) => ({ row, omitted: omission(row, options, scans) })),
      done: Math.min(start + chunkSize, ids.length),
      total: ids.length
    }
  }
}

/** The parts of all rows that are written; null where no split is asked for. */
export async function partsOf(
  db: ReadOnlyDatabase,
  options: ExportOptions,
  scans: Scans,
  signal?: AbortSignal
): Promise<Assigned | null> {
  if (!options.split) return null
  const written: Pick<ExportRow, 'id' | 'contentId' | 'crop' | 'sha256' | 'path' | 'page' | 'quad' | 'position'>[] = []
  for await (const { rows } of chosenRows(db, options, scans, signal)) {
    for (const { row, omitted } of rows) {
      const { id, contentId, crop, sha256, path, page, quad, position } = row
      if (omitted === null) written.push({ id, contentId, crop, sha256, path, page, quad, position })
    }
  }
  return assignParts(db, written, options.split)
}
