/** Export: CSV files to train on or to look at, with the crops and a split where wanted. */
export { previewExport } from './preview'
export { hasRecords } from './records'
export { writeExport, type OnScans, type WriteControl, type WriteResult } from './write'
export { writePageExport, type PageExportOptions, type PageExportResult } from './xml'
export { tidyExportsOf } from './staging'
