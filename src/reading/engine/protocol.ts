/**
 * What the core and the engine process say to each other. The engine knows no database: it is given files and
 * answers with readings. How messages cross: see processes/types.ts.
 */
import type { Alternative, Character, ProviderReport, QuarterTurns } from '../../shared/domain'
import type { Child, Spawn } from '../processes'

/** One crop to read: the file, the page in it (from 1) and the clockwise quarter turns a person gave it. */
export interface EngineItem {
  key: number
  path: string
  /** The file itself, where the asker has it: `path` only names it then. */
  content?: Uint8Array
  page: number
  rotation: QuarterTurns
}

export type EngineResult =
  | {
      key: number
      ok: true
      text: string
      /** 0–1: calibrated where `calibrated`, else the posterior of the decoded text. */
      confidence: number
      calibrated: boolean
      characters: Character[]
      alternatives: Alternative[]
      /** What the confidence is calibrated from, in the order of `FEATURES` (reading/decode/features.ts). */
      features?: number[]
      /** A CTC network's output, packed (reading/decode/lattice.ts); absent where the model is none. */
      lattice?: Uint8Array
      /** Upright size in px of what was read. */
      width: number
      height: number
    }
  | { key: number; ok: false; reason: string }

/** A provider that is not to be tried, and why: it took the process down, say. */
export interface Excluded {
  name: string
  reason: string
}

export type EngineRequest =
  | { type: 'load'; id: number; manifestPath: string; hash: string; provider: string | null; excluded: Excluded[] }
  | { type: 'read'; id: number; items: EngineItem[] }
  /** The answer to this `read` is not wanted any more. */
  | { type: 'cancel'; id: number }
  | { type: 'stop' }

export type EngineReply =
  | { type: 'loaded'; id: number; provider: string; providers: ProviderReport[]; note: string | null }
  | { type: 'results'; id: number; results: EngineResult[]; /** ms spent in inference alone */ inferenceMs: number }
  | { type: 'failed'; id: number; code: string; reason: string }
  /** This provider is tried next: the one to blame if the process is gone after it. */
  | { type: 'trying'; id: number; provider: string }
  /** A batch is done: the process is not hanging. */
  | { type: 'alive' }

/** A process of the engine's own, however the shell starts one. */
export type EngineProcess = Child<EngineRequest, EngineReply>
export type SpawnEngine = Spawn<EngineRequest, EngineReply>
