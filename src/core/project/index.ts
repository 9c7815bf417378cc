/** A project as an object: what a handler, a job or a command is handed. */
export { diskUse, freeBytes, prunable, prune, type DiskUse, type Prunable } from './disk'
export { done, type AppHandlers, type ProjectHandlers } from './handlers'
export { copyOf, type CopyOf } from './identity'
export { announceEngine, announceProject, projectInfo } from './info'
export { copyOlder } from './older'
export {
  allModelsOf,
  currentModel,
  keepModel,
  keepReaders,
  modelsInUse,
  modelsOf,
  modelWithId,
  ownModelsFolder,
  refreshOwnModels
} from './model'
export { Project } from './project'
export { newerReaders, offeredReaders, readersInUse, type Newer, type ReaderInUse } from './readers'
export type { OpenOptions, Session } from './session'
export { Team } from './team'
