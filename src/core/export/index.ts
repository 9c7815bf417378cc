/** Export: CSV files to train on or to look at, with the crops and a split where wanted. */
export { downloadOf, type Download } from './download'
export { previewExport, writeExport } from './formats'
export { hasRecords } from './records'
export { isTableFile, layoutOf } from './layout'
export type { OnScans, WriteControl, WriteResult } from './write'
export { writePageExport, type PageExportOptions, type PageExportResult } from './xml'
export { tidyExportsOf } from './staging'
