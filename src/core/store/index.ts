/** The store: one SQLite file a project. What other folders need of it; `sources`, `labels` and the like lie beside it. */
export { comparable, fold, knownCharacters } from './compare'
export { readCounts } from './counts'
export { deriveFields } from './derive'
export { storeFailure } from './failures'
export type { Database, ReadOnlyDatabase, ReadStatement } from './handle'
export { closeStore, databaseName, hasStore, openStore } from './open'
export { currentModelId, getSetting, setSetting } from './settings'
export { immediate } from './transaction'
