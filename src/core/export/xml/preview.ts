/** What an export of pages would write. */
import type { ExportOptions, ExportPreview } from '../../../shared/domain'
import type { ReadOnlyDatabase } from '../../store'
import { notesOnScans, recentScans } from '../scans'
import { planOfPages } from '.'

const sampleSize = 8
const stalePages = 'Its page’s scan has changed or is gone'
const noTemplate = 'No template'

/** As `previewExport`. */
export async function previewPages(db: ReadOnlyDatabase, options: ExportOptions): Promise<ExportPreview> {
  const scans = await recentScans(db)
  const plan = planOfPages(db, options, scans)
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
