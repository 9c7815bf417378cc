/**
 * What can be true of a field, and which of it a person can say. Each state is said once: types, contract, SQL, colours and words
 * take their lists from here. Words are under the same key in the app's texts, such as `list:status.KEY`; the compiler names those that
 * are missing.
 */

export interface StateTraits {
  /** A person or a rule says it: the field counts as decided. */
  decided: boolean
  /** What kind of label it gives: a text, a state without one, or none; open: what was imported or read. */
  label: 'text' | 'blank' | 'illegible' | 'none' | 'open'
  /** A reader learns from it and is measured on it. */
  trains: boolean
  /** The colour token of what is shown of it; see `src/renderer/src/styles`. */
  tone: 'quiet' | 'ok' | 'doubt' | 'bad'
}

const decided = {
  accepted: { decided: true, label: 'text', trains: true, tone: 'ok' },
  corrected: { decided: true, label: 'text', trains: true, tone: 'ok' },
  blank: { decided: true, label: 'blank', trains: true, tone: 'ok' },
  illegible: { decided: true, label: 'illegible', trains: false, tone: 'ok' },
  /** A crop that shows the wrong thing. */
  flagged: { decided: true, label: 'none', trains: false, tone: 'doubt' }
} as const satisfies Record<string, StateTraits>

const states = {
  undecided: { decided: false, label: 'open', trains: false, tone: 'quiet' },
  ...decided,
  /** It can't be read. */
  failed: { decided: false, label: 'open', trains: false, tone: 'bad' }
} as const satisfies Record<string, StateTraits>

export type FieldStatus = keyof typeof states
export type DecisionKind = keyof typeof decided
export type LabelState = Exclude<StateTraits['label'], 'none' | 'open'>

export const fieldStatuses = Object.keys(states) as FieldStatus[]
export const decisionKinds = Object.keys(decided) as DecisionKind[]
export const labelStates = ['text', 'blank', 'illegible'] as const satisfies LabelState[]

/** In a cell of a table, in place of a text: written by exports and known by imports. */
export const stateMarks: Readonly<Record<Exclude<LabelState, 'text'>, string>> = {
  blank: 'EMPTY',
  illegible: 'UNREADABLE'
}

export const traitsOf = (status: FieldStatus): StateTraits => states[status]

export const isDecided = ({ status }: { status: FieldStatus }): boolean => traitsOf(status).decided

/** What a decision says of the label; null: that there is none. */
export function labelOfKind(kind: DecisionKind): LabelState | null {
  const { label } = decided[kind]
  return label === 'none' ? null : label
}
