import type { DecisionKind, FieldStatus, LabelOrigin, LabelState, Seen } from '../../shared/domain'
import { NominaError } from '../../shared/failure'
import type { Database, ReadOnlyDatabase } from '../store'
import { readStacks, type NewDecision, type Origin, type Plan } from './actions'
import { actOnce, type Change } from './change'
import { labelState } from './label'

export interface DecideRequest {
  ids: number[]
  kind: DecisionKind
  /** `corrected`: the new text. `accepted`: the text that was shown; absent: each field's own label. */
  text?: string | undefined
  note?: string | undefined
  /** Of one field: when the decision that the person saw was made; null: they saw none. */
  seen?: string | null | undefined
  reviewer: string
  /** Accept each field's reading, whatever its label is; a field without one is left alone. */
  take?: 'reading' | undefined
  /**
   * Of several fields accepted as they are: leave the undecided ones whose imported label is not what was read, unless all
   * are so. Confidence speaks of the reading, and would not have chosen their labels.
   */
  agreeing?: boolean | undefined
  /** The window's own name for this act: sent twice, it is done once. */
  request?: string | undefined
  /** A rule never touches a field that a person decided on. */
  origin?: Origin
  /** How the fields were seen; absent: one field by itself, several not at all. */
  how?: Seen | undefined
}

interface Target {
  id: number
  status: FieldStatus
  text: string | null
  origin: LabelOrigin
  importedState: LabelState | null
  differs: number
  reading: string | null
}

type Verdict = Pick<NewDecision, 'kind' | 'text'>

/**
 * Records one act on all these fields; it is on the disk when this returns.
 * - `accepted` without a text accepts each field's own label: a blank or illegible one as that, an empty text as blank.
 *   Fields without a label are left alone (`changed` tells how many were decided), and where there is no other it throws.
 * - `accepted` with a text other than the label, as when it changed meanwhile, is recorded as `corrected` with that text:
 *   what the person saw is what counts.
 * - `corrected` stays `corrected` whatever the text is; an empty one is `blank`.
 * @throws NominaError('conflict') another person decided since this one looked; ('invalid-input') no text to accept or none given; ('not-found') no such field; see `immediate`
 */
export const decide = (db: Database, request: DecideRequest): Change =>
  actOnce(db, request.request, () => planDecision(db, request))

/** What the act will be: null where a rule has nothing to decide. @throws as `decide` */
export function planDecision(db: ReadOnlyDatabase, request: DecideRequest): Plan | null {
  const { reviewer, origin = 'person', note = null } = request
  const found = readTargets(db, request.ids)
  const agreeing = found.filter(({ status, differs }) => status !== 'undecided' || differs === 0)
  const targets = request.agreeing && agreeing.length ? agreeing : found
  if (request.seen !== undefined && targets.length === 1) refuseUnseen(db, targets[0]!.id, request.seen, reviewer)
  const how = request.how ?? (origin === 'person' && request.ids.length === 1 ? 'field' : 'unseen')
  const mayDecide = (target: Target): boolean => origin === 'person' || target.status === 'undecided'
  const decisions = targets.filter(mayDecide).flatMap((target): NewDecision[] => {
    const verdict = verdictOn(target, request)
    return verdict ? [{ ...verdict, fieldId: target.id, note: tidy(note), origin, undoes: null, seen: how }] : []
  })
  if (!decisions.length) {
    if (origin === 'rule') return null
    throw new NominaError('invalid-input', nothingToAccept(targets.length))
  }
  const { done } = readStacks(db, reviewer)
  return {
    action: { kind: 'decide', targetId: null, belowId: done, otherId: null, reviewer, request: request.request },
    decisions
  }
}

function verdictOn(target: Target, { kind, text, take }: DecideRequest): Verdict | null {
  if (take) return target.reading === null ? null : acceptedText(target, target.reading)
  if (kind === 'accepted') return text === undefined ? acceptedLabel(target) : acceptedText(target, text)
  if (kind !== 'corrected') return { kind, text: null }
  const corrected = tidy(text)
  if (text === undefined) throw new NominaError('invalid-input', 'A correction needs its text.')
  return corrected === null ? { kind: 'blank', text: null } : { kind, text: corrected }
}

function acceptedLabel(target: Target): Verdict | null {
  const state = labelState(target)
  if (state === null) return null
  if (state !== 'text') return { kind: state, text: null }
  return tidy(target.text) === null ? { kind: 'blank', text: null } : { kind: 'accepted', text: target.text }
}

function acceptedText(target: Target, shown: string): Verdict {
  const text = tidy(shown)
  const state = labelState(target)
  if (text === null) return { kind: state === 'illegible' ? 'illegible' : 'blank', text: null }
  return text === tidy(target.text) ? { kind: 'accepted', text: target.text } : { kind: 'corrected', text }
}

/** Composed characters and no white space around; null where nothing is left. */
const tidy = (text: string | null | undefined): string | null => text?.normalize('NFC').trim() || null

function readTargets(db: ReadOnlyDatabase, wanted: number[]): Target[] {
  const ids = [...new Set(wanted)]
  const targets = db
    .prepare<[string], Target>(
      `SELECT f.id, f.status, f.text, f.origin, f.imported_state AS importedState, f.differs,
         r.text AS reading
       FROM json_each(?) wanted JOIN fields f ON f.id = wanted.value LEFT JOIN readings r ON r.id = f.reading_id ORDER BY wanted.key`
    )
    .all(JSON.stringify(ids))
  if (targets.length === ids.length) return targets
  const found = new Set(targets.map((target) => target.id))
  throw new NominaError('not-found', `There is no field with the number ${ids.find((id) => !found.has(id))}.`)
}

function refuseUnseen(db: ReadOnlyDatabase, id: number, seen: string | null, reviewer: string): void {
  const latest = db
    .prepare<[number], { at: string; reviewer: string }>(
      'SELECT d.at, d.reviewer FROM fields f JOIN decisions d ON d.id = f.decision_id WHERE f.id = ?'
    )
    .get(id)
  if (!latest || latest.reviewer === reviewer || latest.at === seen) return
  throw new NominaError('conflict', `${latest.reviewer} decided this field meanwhile. Look at it again.`)
}

const nothingToAccept = (fields: number): string =>
  fields === 1
    ? 'This field has no text to accept. Type one, or mark it blank or illegible.'
    : `None of these ${fields} fields has a text to accept. Nothing was changed.`
