/** Imported lists (names, rosters): taking them in, reading with them, completing with them. */
export { applyLists } from './apply'
export { complete } from './complete'
export { importList, removeList } from './import'
export { inspectList } from './inspect'
export { languageModelAt } from './rescore'
export { leaningOf, type Leaning } from './witness'
