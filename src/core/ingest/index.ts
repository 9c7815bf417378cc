/** From folders of scans and labels files to sources, fields and imported labels. */
export { readProblems } from '../store/sources'
export { listFolder } from './folders'
export { importPaths, type ImportHooks } from './import'
export { inspectImage, type InspectedImage } from './inspect'
export { inspectLabels } from './labels/inspect'
export { applyRelink, previewRelink, type RelinkPreview } from './relink'
export { retrySources } from './retry'
export { scanPaths, type Scan, type ScannedFile } from './scan'
