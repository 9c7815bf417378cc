import type { exportEndpoints } from '../../shared/contract/export'
import { recutField } from '../forms/pipeline'
import type { ProjectHandlers } from '../project'
import { markOf, recordExport } from '../quality'
import { previewExport, writeExport } from '.'

export const exportHandlers: ProjectHandlers<keyof typeof exportEndpoints> = {
  'export.preview': (project, options) => previewExport(project.db, options),
  'export.write': async (project, options) => {
    const mark = markOf(project.db)
    const { files, rows, crops } = await writeExport(project.db, options, {
      recut: (fieldId) => recutField(project.db, project.pages, fieldId)
    })
    recordExport(project.db, mark, options, rows)
    return { files, rows, crops }
  }
}
