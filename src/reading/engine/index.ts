/** The engine: a process that turns crops into readings, kept alive and started again when it is gone. */
export { createEngine, type Engine, type EngineOptions, type EngineReport, type Loaded } from './client'
export { joinLines, type LineBox } from './lines'
export type { EngineItem, EngineProcess, EngineReply, EngineRequest, EngineResult, SpawnEngine } from './protocol'
export { spawnNodeEngine } from './spawn'
