/** Export: CSV files to train on or to look at, with the crops and a split where wanted. */
export { downloadOf, type Download } from './download'
export { previewExport, writeExport } from './formats'
export { hasRecords } from './records'
export type { OnScans } from './write'
export { tidyExportsOf } from './staging'
