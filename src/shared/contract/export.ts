import * as v from 'valibot'
import { exportOptions, exportPreview } from '../domain'
import { ofProject } from './parts'

export const exportEndpoints = {
  'export.preview': ofProject(exportOptions, exportPreview),
  'export.write': ofProject(
    exportOptions,
    v.object({ files: v.array(v.string()), rows: v.number(), crops: v.number() })
  )
}
