/** What a key decides in place of a text, the same in every view: with Alt where one types. */
import { wordStates, type DecisionKind, type WordState } from '../../../shared/states'
import type { Spec } from './keymap'

/** Each kind without a text has a letter. That of a wrong crop asks for a note first: it is a command of its own in each view. */
export const letters: Readonly<Record<Exclude<DecisionKind, 'accepted' | 'corrected'>, string>> = {
  blank: 'B',
  illegible: 'X',
  flagged: 'F'
}

/** A command for each of those that are said of the ink. */
export const forEachState = <View>(
  spec: (state: WordState, letter: string) => Spec<View>
): Record<WordState, Spec<View>> =>
  Object.fromEntries(wordStates.map((state) => [state, spec(state, letters[state])])) as Record<WordState, Spec<View>>
