/** Recognition: an engine process that reads images, and what keeps a project's readings up to date with it. */
export { createEngine, type Engine, type EngineOptions, type EngineReport, type Loaded } from './client'
export { recogniseFields, type RecogniseOptions, type RecogniseResult } from './fields'
export type { EngineItem, EngineProcess, EngineReply, EngineRequest, EngineResult, SpawnEngine } from './protocol'
export { spawnNodeEngine } from './spawn'
