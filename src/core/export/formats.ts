/** The formats that a project is exported in: what each would write, and writing it. */
import type { ExportFormat, ExportOptions, ExportPreview } from '../../shared/domain'
import type { Database, ReadOnlyDatabase } from '../store'
import { previewFields } from './preview'
import { previewRecords } from './records'
import { writeTables, type WriteControl, type WriteResult } from './write'
import { previewPages, writePages } from './xml/project'

interface Exporter {
  preview(db: ReadOnlyDatabase, options: ExportOptions): Promise<ExportPreview>
  write(db: Database, options: ExportOptions, control: WriteControl): Promise<WriteResult>
}

const fields: Exporter = { preview: previewFields, write: writeTables }
const pages: Exporter = { preview: previewPages, write: writePages }

const exporters: Record<ExportFormat, Exporter> = {
  training: fields,
  full: fields,
  records: { preview: previewRecords, write: writeTables },
  page: pages,
  alto: pages
}

/**
 * What `writeExport` would do with these options: row counts, the first rows, files, what is left out and why.
 * @throws NominaError('invalid-input') options that make no sense together
 */
export const previewExport = (db: ReadOnlyDatabase, options: ExportOptions): Promise<ExportPreview> =>
  exporters[options.format].preview(db, options)

/**
 * Writes the files, and crops where asked. All or nothing: whole files under their names, or none.
 * @throws NominaError('exists') without `overwrite`, or a folder that Nomina did not make; ('not-found') crops whose files
 *   cannot be used; ('disk-full' | 'refused' | 'invalid-input'); the signal's reason when it is aborted
 */
export const writeExport = (db: Database, options: ExportOptions, control: WriteControl = {}): Promise<WriteResult> =>
  exporters[options.format].write(db, options, control)
