/**
 * What can be true of a field, and which of it a person can say. Each state is said once: types, contract, SQL, colours and words
 * take their lists from here. Words are under the same key in the app's texts, such as `list:status.KEY`; the compiler names those that
 * are missing.
 */

import { tidyText } from './text'

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
export type LabelState = 'text' | WordState

export const fieldStatuses = Object.keys(states) as FieldStatus[]
export const decisionKinds = Object.keys(decided) as DecisionKind[]
/** What a label says in place of a text. */
export type WordState = Exclude<(typeof decided)[DecisionKind]['label'], 'text' | 'none'>

/** In a cell of a table: written by exports and known by imports. In words: why an export of texts alone leaves it out. */
const words: Readonly<Record<WordState, { cell: string; words: string }>> = {
  blank: { cell: 'EMPTY', words: 'Blank' },
  illegible: { cell: 'UNREADABLE', words: 'Illegible' }
}

export const wordStates = Object.keys(words) as WordState[]
export const labelStates: readonly LabelState[] = ['text', ...wordStates]

/** In a cell of a table, in place of a text. */
export const markOf = (state: WordState): string => words[state].cell
export const inWords = (state: WordState): string => words[state].words

/** What a cell of a table, or a person who writes as in one, says: the state whose word it is, in capitals or not. */
export function stateOfCell(text: string): LabelState {
  const word = tidyText(text).toUpperCase()
  if (word === '') return 'blank'
  return wordStates.find((state) => markOf(state) === word) ?? 'text'
}

export const isWordState = (state: string | null | undefined): state is WordState =>
  wordStates.some((known) => known === state)

export const traitsOf = (status: FieldStatus): StateTraits => states[status]

export const isDecided = ({ status }: { status: FieldStatus }): boolean => traitsOf(status).decided

/** What a decision says of the label; null: that there is none. */
export function labelOfKind(kind: DecisionKind): LabelState | null {
  const { label } = decided[kind]
  return label === 'none' ? null : label
}
