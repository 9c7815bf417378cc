/** Pages as PAGE XML or ALTO, told in the terms of every export. */
import type { ExportOptions, ExportPreview } from '../../../shared/domain'
import { NominaError } from '../../../shared/failure'
import type { Database, ReadOnlyDatabase } from '../../store'
import { notesOnScans, recentScans } from '../scans'
import type { WriteControl, WriteResult } from '../write'
import { planOfPages, writePageExport, type PageExportOptions } from '.'

const sampleSize = 8
const stalePages = 'Its page’s scan has changed or is gone'
const noTemplate = 'No template'

export async function previewPages(db: ReadOnlyDatabase, options: ExportOptions): Promise<ExportPreview> {
  const scans = await recentScans(db)
  const plan = planOfPages(db, pageOptions(options), scans)
  const omitted = [
    { reason: noTemplate, count: plan.left },
    { reason: stalePages, count: plan.stale }
  ]
  return {
    rows: plan.ids.length,
    header: ['file'],
    sample: plan.names.slice(0, sampleSize).map((name) => [name]),
    files: [{ path: plan.folder, rows: plan.ids.length, exists: plan.existing !== undefined }],
    omitted: omitted.filter(({ count }) => count > 0),
    notes: notesOnScans(scans)
  }
}

/** @returns the folder alone: a file a page is too many to name */
export async function writePages(db: Database, options: ExportOptions, control: WriteControl): Promise<WriteResult> {
  const wanted = pageOptions(options)
  const { pages } = await writePageExport(db, wanted, control)
  return { files: [wanted.out], rows: pages, crops: 0 }
}

/** @throws NominaError('invalid-input') what pages can't be written with */
function pageOptions({ out, format, rows, crops, split, overwrite, stale = false }: ExportOptions): PageExportOptions {
  if (format !== 'page' && format !== 'alto') throw new TypeError(`${format} is no format of pages.`)
  if (crops || split) throw new NominaError('invalid-input', 'Pages are written whole: without crops or a split.')
  return { out, format, rows: rows === 'decided' ? 'decided' : 'all', overwrite, stale }
}
