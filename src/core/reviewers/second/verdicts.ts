/** What two people said of a field, in comparable form. */
import { labelOfKind, stateOfCell, type DecisionKind, type LabelState } from '../../../shared/states'
import { tidyText } from '../../../shared/text'

export type KeyKind = LabelState
export interface Verdict {
  kind: KeyKind
  text: string | null
}

/** A key as it counts: an empty text is a blank, the word for a state is that state. */
export function verdictOf(kind: KeyKind, text: string | undefined): Verdict {
  const says = kind === 'text' ? stateOfCell(text ?? '') : kind
  return says === 'text' ? { kind: says, text: tidyText(text ?? '') } : { kind: says, text: null }
}

/** A decision in the same words; null for a wrong crop, which has no label to compare. */
export function verdictOfDecision(kind: DecisionKind, text: string | null): Verdict | null {
  const label = labelOfKind(kind)
  return label === null ? null : verdictOf(label, text ?? '')
}

export const same = (a: Verdict, b: Verdict): boolean => a.kind === b.kind && a.text === b.text
