/** The engine: a process that turns crops into readings, kept alive and started again when it is gone. */
export { createEngine, type Engine } from './client'
export { joinLines } from './lines'
export type { EngineItem, EngineReply, EngineRequest, EngineResult, SpawnEngine } from './protocol'
export { spawnNodeEngine } from './spawn'
