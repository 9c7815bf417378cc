import * as v from 'valibot'
import { exportFormat, exportOptions, exportPreview } from '../domain'
import { nothing, ofProject } from './parts'

export const reportLanguage = v.picklist(['en', 'fr'])
export type ReportLanguage = v.InferOutput<typeof reportLanguage>

export const exportEndpoints = {
  /** What an export begins with: the format that fits the project, and a folder that a person looks into. */
  'export.defaults': ofProject(nothing, v.object({ format: exportFormat, folder: v.string(), forms: v.boolean() })),
  'export.preview': ofProject(exportOptions, exportPreview),
  'export.write': ofProject(
    exportOptions,
    /** `id`: of the export, by which the browser shell gives its files. */
    v.object({ id: v.nullable(v.number()), files: v.array(v.string()), rows: v.number(), crops: v.number() })
  ),
  /** A page to print or send, as one HTML file; `masked`: no whole name is in it. */
  'report.make': ofProject(v.object({ language: reportLanguage, masked: v.boolean() }), v.object({ html: v.string() }))
}
