import { dirname } from 'node:path'
import type { exportEndpoints } from '../../shared/contract/export'
import { storedPage } from '../forms/images'
import { recutField } from '../forms/pipeline'
import { documentsFolder } from '../ingest/known-folders'
import type { ProjectHandlers } from '../project'
import { lastExportPath, markOf, recordExport } from '../quality'
import { hasRecords, previewExport, writeExport } from '.'

export const exportHandlers: ProjectHandlers<keyof typeof exportEndpoints> = {
  'export.defaults': ({ db }) => {
    const last = lastExportPath(db)
    const forms = hasRecords(db)
    return { format: forms ? 'records' : 'training', folder: last ? dirname(last) : documentsFolder(), forms }
  },
  'export.preview': (project, options) => previewExport(project.db, options),
  'export.write': async ({ db, pages }, options) => {
    const mark = markOf(db)
    const { files, rows, crops } = await writeExport(db, options, {
      recut: (fieldId) => recutField(db, pages, fieldId),
      picture: (pageId) => storedPage(db, pageId)
    })
    return { id: recordExport(db, mark, options, rows), files, rows, crops }
  }
}
