/** Review: what is to be looked at, in which order, and what people said of it. */

export { undoableActs, undoTo } from './acts'
export { decide } from './decide'
export { readDetail } from './detail'
export { confidenceHistogram } from './histogram'
export { labelState } from './label'
export { pace } from './pace'
export { queueIds } from './queue'
export { rotateField } from './rotate'
export { readRow, readRows } from './rows'
export { decideFromTable, decisionColumns, type RowOutcome } from './table'
export { decideInTurn, finishUndos, redoInTurn, undoInTurn } from './slices'
export { redo, undo } from './undo'
