/** Records: a row for each page, a column for each field. */
import { open, writeFile } from 'node:fs/promises'
import type { ExportOptions, ExportPreview } from '../../../shared/domain'
import { endingOfPath } from '../../../shared/export-formats'
import type { ReadOnlyDatabase } from '../../store'
import { pageCounts } from '../../store/pages'
import { layoutOf, targetsOf } from '../layout'
import { readNaming } from '../names'
import { isStale } from '../omission'
import { notesOnScans, recentScans } from '../scans'
import { csvText } from '../table'
import type { Stage } from '../write'
import { recordsOf } from './collect'
import { columnsOf } from './columns'
import { workbookOf } from './sheet'

const sampleSize = 8

/** What is chosen where nobody says otherwise: whole pages were imported, so a table of them is wanted. */
export const hasRecords = (db: ReadOnlyDatabase): boolean => pageCounts(db).total > 0

/** As `previewExport`. `omitted` counts cells that stay empty. */
export async function previewRecords(db: ReadOnlyDatabase, options: ExportOptions): Promise<ExportPreview> {
  const layout = layoutOf(options)
  const columns = columnsOf(db, options.details)
  const scans = await recentScans(db)
  const omitted = new Map<string, number>()
  const sample: string[][] = []
  let [rows, unseen] = [0, 0]
  for await (const part of recordsOf(db, options, columns, scans)) {
    rows += part.records.length
    unseen += part.unseen
    sample.push(...part.records.slice(0, sampleSize - sample.length))
    addTo(omitted, part.omitted)
  }
  return {
    rows,
    header: columns.header,
    sample,
    files: targetsOf(layout).map((target) => ({ ...target, rows })),
    omitted: [...omitted].map(([reason, count]) => ({ reason, count })),
    notes: [...notesOf(db, unseen), ...notesOnScans(scans)]
  }
}

function notesOf(db: ReadOnlyDatabase, unseen: number): string[] {
  const { unmatched, pending, failed } = pageCounts(db)
  const without = unmatched + failed
  const naming = readNaming(db)
  return [
    ...(naming.note ? [naming.note] : []),
    ...(without === 1 ? ['1 page lies on no template, so it has no row.'] : []),
    ...(without > 1 ? [`${without} pages lie on no template, so they have no row.`] : []),
    ...(pending === 1 ? ['1 page is still to be laid on a template: its row is missing.'] : []),
    ...(pending > 1 ? [`${pending} pages are still to be laid on a template: their rows are missing.`] : []),
    ...(unseen === 1 ? ['1 cell is a reading that nobody has looked at.'] : []),
    ...(unseen > 1 ? [`${unseen} cells are readings that nobody has looked at.`] : [])
  ]
}

export const stageRecords: Stage = async (db, options, layout, staging, scans, { signal, onProgress }) => {
  const columns = columnsOf(db, options.details)
  const [target] = layout.files
  const path = staging.reserve(target!.path)
  const isWorkbook = endingOfPath(target!.path) === 'xlsx'
  const kept: string[][] = []
  const omitted = new Map<string, number>()
  let [rows, unseen] = [0, 0]
  const handle = await open(path, 'wx')
  try {
    if (!isWorkbook) await handle.appendFile(csvText([columns.header], options.spreadsheetSafe))
    for await (const part of recordsOf(db, options, columns, scans, signal)) {
      rows += part.records.length
      unseen += part.unseen
      addTo(omitted, part.omitted)
      // A workbook is one zip file: it is made of all rows at once.
      if (isWorkbook) kept.push(...part.records)
      else if (part.records.length) await handle.appendFile(csvText(part.records, options.spreadsheetSafe))
      onProgress?.(part.done, part.total)
    }
    if (isWorkbook) await writeFile(handle, await workbookOf(columns.header, kept))
    await handle.sync()
  } finally {
    await handle.close()
  }
  const stale = new Map([...omitted].filter(([reason]) => isStale(reason)))
  return { rows, crops: 0, stale, assigned: null, notes: notesOf(db, unseen) }
}

function addTo(sums: Map<string, number>, more: ReadonlyMap<string, number>): void {
  for (const [reason, count] of more) sums.set(reason, (sums.get(reason) ?? 0) + count)
}
