/** Lists of states and of kinds of decision, as SQL takes them: `f.status IN ${decidedStates}`. */
import { labelOrigin } from '../../shared/domain'
import { decisionKinds, fieldStatuses, traitsOf, type StateTraits } from '../../shared/states'

const sqlList = (words: readonly string[]): string => `(${words.map((word) => `'${word}'`).join(', ')})`

const statesWith = (has: (traits: StateTraits) => boolean): string =>
  sqlList(fieldStatuses.filter((status) => has(traitsOf(status))))

const kindsWith = (has: (traits: StateTraits) => boolean): string =>
  sqlList(decisionKinds.filter((kind) => has(traitsOf(kind))))

export const decidedStates = statesWith(({ decided }) => decided)

/** A person said that nothing is written there. */
export const blankStates = statesWith(({ label }) => label === 'blank')

/** Decisions that say what is written, if only that nobody can read it: not on another image than the field's. */
export const labellingKinds = kindsWith(({ label }) => label !== 'none')

/** What a field with a decision that counts can be. */
export const statesByDecision = kindsWith(() => true)

/** Decisions that a reader learns from and is measured on. */
export const trainingKinds = kindsWith(({ trains }) => trains)

/** All that a field can be which is in the project, and all that a label can be from. */
export const shownStates = sqlList(fieldStatuses)
export const labelOrigins = sqlList(labelOrigin.options)
