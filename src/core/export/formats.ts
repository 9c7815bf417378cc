/** The formats that a project is exported in: what each would write, and writing it. */
import type { ExportOptions, ExportPreview } from '../../shared/domain'
import type { ExportFormat } from '../../shared/export-formats'
import type { Database, ReadOnlyDatabase } from '../store'
import { previewFields } from './preview'
import { previewRecords, stageRecords } from './records'
import { decisionsTable, fullTable, trainingTable, type FieldTable } from './table'
import { stageFields, writeTables, type WriteControl, type WriteResult } from './write'
import { writePages, type PageWriter } from './xml'
import { altoXml } from './xml/alto'
import { pageXml } from './xml/page'
import { previewPages } from './xml/preview'

interface Exporter {
  preview(db: ReadOnlyDatabase, options: ExportOptions): Promise<ExportPreview>
  write(db: Database, options: ExportOptions, control: WriteControl): Promise<WriteResult>
}

const fields = (table: FieldTable): Exporter => ({
  preview: (db, options) => previewFields(table, db, options),
  write: (db, options, control) => writeTables(stageFields(table), db, options, control)
})

const pages = (writer: PageWriter): Exporter => ({
  preview: previewPages,
  write: (db, options, control) => writePages(writer, db, options, control)
})

/** Exhaustive at compile time; what each can be asked for is in `src/shared/export-formats.ts`. */
const exporters: Record<ExportFormat, Exporter> = {
  records: {
    preview: previewRecords,
    write: (db, options, control) => writeTables(stageRecords, db, options, control)
  },
  training: fields(trainingTable),
  full: fields(fullTable),
  decisions: fields(decisionsTable),
  page: pages(pageXml),
  alto: pages(altoXml)
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
