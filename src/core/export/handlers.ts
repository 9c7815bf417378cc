import { dirname } from 'node:path'
import type { exportEndpoints } from '../../shared/contract/export'
import { traitsOf } from '../../shared/export-formats'
import { storedPage } from '../forms/images'
import { recutField } from '../forms/pipeline'
import { documentsFolder } from '../ingest/known-folders'
import type { ProjectHandlers } from '../project'
import { makeReport } from '../report'
import { lastExportPath, markOf, recordExport } from '../store/exports'
import { hasRecords, previewExport, writeExport } from '.'

export const exportHandlers: ProjectHandlers<keyof typeof exportEndpoints> = {
  'export.defaults': ({ db }) => {
    const last = lastExportPath(db)
    const forms = hasRecords(db)
    return { format: forms ? 'records' : 'training', folder: last ? dirname(last) : documentsFolder(), forms }
  },
  'export.preview': (project, options) => previewExport(project.db, options),
  'export.write': ({ db, pages, jobs }, options) =>
    jobs.quick.run('export', options, async (control) => {
      const mark = markOf(db)
      const written = await writeExport(db, options, {
        ...control,
        recut: (fieldId) => recutField(db, pages, fieldId),
        picture: (pageId) => storedPage(db, pageId)
      })
      // A file a page is too many to name.
      const files = traitsOf(options.format).unit === 'page' ? [options.out] : written.files
      return { ...written, id: recordExport(db, mark, options, written.rows), files }
    }),
  'report.make': (project, asked) =>
    project.jobs.quick.run('report', asked, async (control) => ({ html: await makeReport(project, asked, control) }))
}
