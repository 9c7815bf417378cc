import { spawnNode } from '../processes'
import type { EngineReply, EngineRequest, SpawnEngine } from './protocol'

/** Starts the built engine (out/main/engine.js); see `spawnNode`. */
export const spawnNodeEngine = (enginePath: string): SpawnEngine => spawnNode<EngineRequest, EngineReply>(enginePath)
