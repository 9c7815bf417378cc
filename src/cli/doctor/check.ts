import type { ModelInfo, ProviderReport, RefusedModel } from '../../shared/domain'

/** One thing that was looked at. */
export interface Check {
  name: string
  /** `note`: fine, but worth knowing; `missing`: something optional is not there; `failed`: Nomina can't work without it. */
  status: 'ok' | 'note' | 'missing' | 'failed'
  found: string
  /** What to do about it; absent where there is nothing to do. */
  advice?: string
}

export interface Diagnosis {
  /** False where a check failed. */
  ok: boolean
  version: string
  platform: { os: string; release: string; architecture: string; node: string; cores: number; memoryBytes: number }
  dataDir: string
  providers: ProviderReport[]
  models: Omit<ModelInfo, 'current'>[]
  refused: RefusedModel[]
  checks: Check[]
}
