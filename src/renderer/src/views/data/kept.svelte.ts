/** What a person chose in the Data view, kept as long as the window while other views are shown. */
import type { EvidenceKind } from '../../../../shared/contract/quality'

export const tabs = ['overview', 'suspects', 'confidence', 'acceptance', 'history'] as const
export type Tab = (typeof tabs)[number]
/** On which decided fields a reader is measured. */
export type On = 'decided' | 'sample'
export type By = 'bound' | 'estimate'

export interface Kept {
  tab: Tab
  /** Of which model, null: the project's current one. */
  model: number | null
  on: On
  promise: number
  by: By
  /** Only labels that are more likely wrong than right. */
  likely: boolean
  undecided: boolean
  evidence: EvidenceKind | null
  /** Suspect that the keys were on. */
  suspect: number | null
  /** Whether the blind check shows what was read. */
  showReading: boolean
}

const first = (): Kept => ({
  tab: 'overview',
  model: null,
  on: 'decided',
  promise: 0.99,
  by: 'bound',
  likely: true,
  undecided: true,
  evidence: null,
  suspect: null,
  showReading: true
})

let project: string | null = null
const kept = $state<{ value: Kept }>({ value: first() })

/** Of this project; another one starts anew. */
export function keptFor(path: string): Kept {
  if (project !== path) kept.value = first()
  project = path
  return kept.value
}
