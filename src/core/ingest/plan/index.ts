/** What an import is about to do, found before anything is written: for a person to call it off, and for the import to follow. */
export { applyMoves } from './apply'
export { planImport, type ImportPlan } from './plan'
export { previewOf } from './preview'
