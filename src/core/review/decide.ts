import { isWordState, stateOfCell } from '../../shared/states'
import type { DecisionKind, Seen } from '../../shared/domain'
import { NominaError, say } from '../../shared/failure'
import { tidyText } from '../../shared/text'
import type { Database, ReadOnlyDatabase } from '../store'
import type { Came } from '../store/arrivals'
import { decisionOn } from '../store/decided'
import { isSampled, noneShownOf, readTargets, shownNow, someAgree, type Target } from '../store/targets'
import { readStacks, type Action, type NewDecision, type Origin } from '../store/actions'
import { actOnce, type Change, type Plan } from './change'
import { labelState } from './label'

export interface DecideRequest {
  ids: number[]
  kind: DecisionKind
  /** `corrected`: the new text. `accepted`: the text that was taken; absent: each field's own label. */
  text?: string | undefined
  /** The text that was shown as each field's own, to which `accepted` and `corrected` are relative; absent: its label. */
  shown?: string | undefined
  note?: string | undefined
  /** When the decision that the person saw was made; null: they saw none. One for all of the fields, or one for each. */
  seen?: string | null | (string | null)[] | undefined
  /** As of which change of ink and text the fields were shown; one for all of them, or one for each; null or absent: they were not. */
  ink?: number | (number | null)[] | undefined
  /** As of which decision of the project they were listed: what somebody else decided after it is left. */
  asOf?: number | undefined
  /** It was said of a filter: what became another since may not have passed it then. */
  byFilter?: boolean
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
  /** See `Asked`. */
  since?: number
  /** A rule never touches a field that a person decided on. */
  origin?: Origin
  /** How the fields were seen; absent: one field by itself, several not at all. */
  how?: Seen | undefined
  /** Those of them that were seen as one of several tiles, whatever `how` says of the others. */
  tiles?: number[] | undefined
  /** The queue brought the field at random. */
  random?: boolean | undefined
  /** It was said in a table of decisions. */
  table?: boolean
}

type Verdict = Pick<NewDecision, 'kind' | 'text'>

/**
 * Records one act on all these fields; it is on the disk when this returns.
 * - `accepted` without a text accepts each field's own label: a blank or illegible one as that, an empty text as blank.
 *   Fields without a label are left alone (`changed` tells how many were decided), and where there is no other it throws.
 * - `accepted` with a text other than what was shown as the field's own is recorded as `corrected` with that text: what the
 *   person saw is what counts.
 * - `corrected` stays `corrected` whatever the text is; an empty one is `blank`.
 * - A text that is the word for a state in tables (EMPTY, UNREADABLE) says that state, as it does in an import: an export writes it so.
 * - Fields that somebody decided on since this person looked, or that show other ink since, are left as they are; `left` tells how
 *   many. So are those whose own text became another since, where nobody saw the field and said which text it has.
 * @throws NominaError('conflict') the one field was decided on since this person looked, or the text to accept became another;
 *   ('other-ink') it shows other ink since;
 *   ('invalid-input') no text to accept or none given; ('not-found') no such field; see `immediate`
 */
export const decide = (db: Database, request: DecideRequest): Change =>
  actOnce(db, request, (known) => planDecision(db, request, known))

/** The fields of a request, each once, as far as they were looked at. */
interface Targets {
  ids: number[]
  /** How many of them, from the first on. */
  lookedAt: number
  /** Whether only those are wanted that agree with their imported label, and any of those that were looked at does. */
  agreeing: boolean
  someAgree: boolean
}

export const targetsOf = ({ ids, agreeing = false }: DecideRequest): Targets => ({
  ids: [...new Set(ids)],
  lookedAt: 0,
  agreeing,
  someAgree: false
})

/** Looks at the next of the targets. @throws NominaError('not-found') */
export function lookAt(db: ReadOnlyDatabase, targets: Targets, count: number): void {
  const some = targets.ids.slice(targets.lookedAt, targets.lookedAt + count)
  refuseUnknown(db, some)
  if (targets.agreeing) targets.someAgree ||= someAgree(db, some)
  targets.lookedAt += some.length
}

/** What the act will be. @throws as `decide` */
export function planDecision(
  db: ReadOnlyDatabase,
  request: DecideRequest,
  known: Action | null,
  targets = targetsOf(request)
): Plan<number> {
  const { reviewer, origin = 'person', asOf = Infinity } = request
  const { ids } = targets
  lookAt(db, targets, ids.length)
  if (ids.length === 1 && !known) refuseUnseen(db, ids[0]!, request)
  if (request.kind === 'corrected' && request.text === undefined)
    throw new NominaError('invalid-input', say('needsText'))
  const onlyAgreeing = known ? known.onlyAgreeing === 1 : targets.someAgree
  const how = request.how ?? (origin === 'person' && ids.length === 1 ? 'field' : 'unseen')
  const tiles = new Set(request.tiles)
  const note = tidy(request.note)
  const seenOf = eachOf(request.ids, request.seen)
  const inkOf = eachOf(request.ids, request.ink)
  const cameOf = (id: number): Came | undefined =>
    origin === 'rule' ? undefined : request.table ? 'table' : isRandom(db, id, how, request) ? 'random' : undefined
  return {
    action: () => ({
      kind: 'decide',
      targetId: null,
      belowId: readStacks(db, reviewer).done,
      otherId: null,
      reviewer,
      request: request.request,
      onlyAgreeing
    }),
    items: ids,
    part(some, { actionId, since }) {
      const decisions: NewDecision[] = []
      let left = 0
      for (const target of readTargets(db, some)) {
        if (target.newestAct !== null && target.newestAct === actionId) continue
        if (origin === 'rule' && target.status !== 'undecided') continue
        const seen = seenOf(target.id)
        const { newest, newestBy, decidedAt } = target
        const isByOther = newestBy !== reviewer && (newest ?? 0) > asOf
        const isDecidedSince = isByOther || (newest ?? 0) > since || (seen !== undefined && seen !== decidedAt)
        const shown = inkOf(target.id) ?? Infinity
        const as = tiles.has(target.id) ? 'tile' : how
        if (isDecidedSince || target.ink > shown || isOtherSince(target, request, shown, as)) left++
        else if (!onlyAgreeing || target.status !== 'undecided' || target.differs === 0) {
          const verdict = verdictOn(target, request)
          const came = cameOf(target.id)
          if (verdict) decisions.push({ ...verdict, fieldId: target.id, note, origin, undoes: null, seen: as, came })
        }
      }
      return { decisions, left }
    },
    nothing:
      origin === 'rule'
        ? undefined
        : () => {
            throw new NominaError('invalid-input', nothingToAccept(ids.length))
          }
  }
}

/** Whether its own text was another when it was shown, where the act goes by that text and not by what somebody saw of the field. */
function isOtherSince(
  target: Pick<Target, 'text' | 'textAsOf'>,
  { kind, text, byFilter }: DecideRequest,
  shown: number,
  as: Seen
): boolean {
  if (target.textAsOf <= shown) return false
  if (text !== undefined) return as === 'unseen' && tidy(text) !== tidy(target.text)
  return kind === 'accepted' || byFilter === true
}

/** Drawn by the queue, one by one, or for a sample of all fields, and looked at by itself. */
const isRandom = (db: ReadOnlyDatabase, id: number, how: Seen, { ids, random }: DecideRequest): boolean =>
  (random === true && ids.length === 1 && (how === 'field' || how === 'blind')) ||
  (how === 'blind' && isSampled(db, id))

/** What was seen of each field, where one is said for all of them or one for each; undefined: nobody says. */
function eachOf<T>(ids: readonly number[], seen: T | T[] | undefined): (id: number) => T | undefined {
  if (!Array.isArray(seen)) return () => seen
  const each = new Map(ids.map((id, index) => [id, seen[index]]))
  return (id) => each.get(id)
}

/** The same of some of its fields. */
export function only<R extends Pick<DecideRequest, 'ids' | 'seen' | 'ink'>>(request: R, ids: number[]): R {
  if (ids.length === request.ids.length) return request
  const { seen, ink } = request
  const [seenOf, inkOf] = [eachOf(request.ids, seen), eachOf(request.ids, ink)]
  return {
    ...request,
    ids,
    seen: Array.isArray(seen) ? ids.map((id) => seenOf(id)!) : seen,
    ink: Array.isArray(ink) ? ids.map((id) => inkOf(id) ?? null) : ink
  }
}

function verdictOn(target: Target, { kind, text, take, shown }: DecideRequest): Verdict | null {
  if (take) return target.reading === null ? null : acceptedText(target, target.reading)
  if (kind === 'accepted') return text === undefined ? acceptedLabel(target) : acceptedText(target, text, shown)
  if (kind !== 'corrected') return { kind, text: null }
  const state = stateOfCell(text ?? '')
  return state === 'text' ? { kind, text: tidy(text) } : { kind: state, text: null }
}

function acceptedLabel(target: Target): Verdict | null {
  const state = labelState(target)
  if (state === null) return null
  if (state !== 'text') return { kind: state, text: null }
  const text = tidy(target.text)
  return text === null ? { kind: 'blank', text: null } : { kind: 'accepted', text }
}

function acceptedText(target: Target, taken: string, shown = target.text ?? ''): Verdict {
  const text = tidy(taken)
  const state = labelState(target)
  if (text === null) return { kind: isWordState(state) ? state : 'blank', text: null }
  const word = stateOfCell(text)
  if (isWordState(word)) return { kind: word, text: null }
  return { kind: text === tidy(shown) ? 'accepted' : 'corrected', text }
}

/** A decision's text is in the one normal form, typed or accepted; null where nothing is left. */
const tidy = (text: string | null | undefined): string | null => tidyText(text ?? '') || null

function refuseUnknown(db: ReadOnlyDatabase, ids: readonly number[]): void {
  const unknown = noneShownOf(db, ids)
  if (unknown !== undefined) throw new NominaError('not-found', `There is no field with the number ${unknown}.`)
}

/** Between two windows of one person as between two people. */
function refuseUnseen(db: ReadOnlyDatabase, id: number, request: DecideRequest): void {
  const { ids, seen, ink, reviewer } = request
  const now = shownNow(db, id)
  const shown = eachOf(ids, ink)(id) ?? Infinity
  if (now.ink > shown) throw new NominaError('other-ink', say('otherInk'))
  if (isOtherSince(now, request, shown, 'field')) throw new NominaError('conflict', say('otherText'))
  const saw = eachOf(ids, seen)(id)
  if (saw === undefined) return
  const latest = decisionOn(db, id)
  if ((latest?.at ?? null) === saw) return
  const what = !latest
    ? 'The decision on this field was undone meanwhile.'
    : latest.reviewer === reviewer
      ? 'You decided this field meanwhile in another window.'
      : `${latest.reviewer} decided this field meanwhile.`
  throw new NominaError('conflict', `${what} Look at it again.`)
}

const nothingToAccept = (fields: number): string =>
  fields === 1
    ? 'This field has no text to accept. Type one, or mark it blank or illegible.'
    : `None of these ${fields} fields has a text to accept. Nothing was changed.`
