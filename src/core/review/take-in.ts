/** Takes in what waited in a window that could not find Nomina again: each step only where nothing else was done meanwhile. */
import type { TakenIn, WaitingFile } from '../../shared/contract/waiting'
import { inEnglish, NominaError, say } from '../../shared/failure'
import type { Project } from '../project'
import { followBlind } from '../quality/blindly'
import { notHeld } from '../reviewers/leases'
import type { ReadOnlyDatabase } from '../store'
import { decisionOn } from '../store/decided'
import { actionOfRequest, readStacks } from '../store/actions'
import { meantByAll } from './all'
import { only } from './decide'
import { decideInTurn, redoInTurn, undoInTurn } from './slices'
import { refuseOther, tellOthers } from './tell'

type Step = WaitingFile['operations'][number]
type Outcome = Pick<TakenIn, 'outcome' | 'reason'>

/** What was done from the same file until now. */
interface Done {
  acts: Set<number>
  /** When each field got the decision that the file made on it. */
  decidedAt: Map<number, string | null>
}

const notHere = inEnglish(say('undoElsewhere'))

/**
 * Does what waited, oldest first. The same file again changes nothing; a step that can't be done is refused with its reason,
 * and the others go on.
 */
export async function takeIn(project: Project, file: WaitingFile, reviewer: string): Promise<TakenIn[]> {
  const done: Done = { acts: new Set(), decidedAt: new Map() }
  const taken: TakenIn[] = []
  for (const step of file.operations.toSorted((one, other) => one.at - other.at)) {
    project.signal.throwIfAborted()
    const result = await takeInStep(project, step, reviewer, done).catch((error: unknown): Outcome => {
      if (!(error instanceof NominaError) || stops.has(error.code)) throw error
      return { outcome: 'refused', reason: error.message }
    })
    taken.push({ at: new Date(step.at).toISOString(), ...described(step), ...result })
  }
  return taken
}

/** Of these, the next step would say the same. */
const stops: ReadonlySet<string> = new Set(['gone', 'read-only', 'disk-full', 'busy', 'no-project'])

const described = (step: Step): Pick<TakenIn, 'what' | 'fields'> =>
  step.kind === 'decide'
    ? { what: [step.input.kind, step.input.text].filter(Boolean).join(': '), fields: step.input.ids.slice(0, 200) }
    : { what: step.kind, fields: [] }

async function takeInStep(project: Project, step: Step, reviewer: string, done: Done): Promise<Outcome> {
  const { db } = project
  refuseOther(project, step.project)
  const known = actionOfRequest(db, reviewer, step.request)
  if (known) {
    done.acts.add(known.id)
    // One that was cut off goes on, where it was asked for by its name.
    if (step.kind === 'decide') {
      const { input, request } = step
      const meant = input.all ? await meantByAll(db, input.all, { reviewer, request }) : {}
      await decideInTurn(db, { ...input, ...meant, request, reviewer })
      noteTimes(db, input.ids, done)
    }
    return { outcome: 'same', reason: null }
  }
  if (step.kind === 'decide') return decideStep(project, step, reviewer, done)
  const { done: last, undone } = readStacks(db, reviewer)
  const top = step.kind === 'redo' ? undone : last
  if (step.kind === 'undoTo' || top === null || !done.acts.has(top)) return { outcome: 'refused', reason: notHere }
  const change = await (step.kind === 'undo' ? undoInTurn : redoInTurn)(db, reviewer, step.request)
  if (change.action !== null) done.acts.add(change.action)
  noteTimes(db, [...done.decidedAt.keys()], done)
  tellOthers(project, change)
  return { outcome: 'stored', reason: null }
}

async function decideStep(
  project: Project,
  { input, request, at }: Extract<Step, { kind: 'decide' }>,
  reviewer: string,
  done: Done
): Promise<Outcome> {
  const { db } = project
  // What passes the filter now is not what the person looked at then.
  if (input.all) return { outcome: 'refused', reason: inEnglish(say('otherFieldsPass')) }
  const unseen = (id: number, index: number): boolean => {
    const now = decidedAt(db, id)
    if (done.decidedAt.has(id)) return done.decidedAt.get(id) !== now
    const seen = Array.isArray(input.seen) ? input.seen[index] : input.seen
    return seen === undefined ? now !== null && Date.parse(now) > at : seen !== now
  }
  const left = new Set(input.ids.filter(unseen))
  const free = input.ids.filter((id) => !left.has(id))
  if (!free.length) return { outcome: 'refused', reason: leftWords(left.size, input.ids.length) }
  const ids = project.team ? notHeld(db, free, reviewer) : free
  const how = input.blind ? 'blind' : input.how
  const change = await decideInTurn(db, { ...only(input, ids), seen: undefined, how, request, reviewer })
  if (how === 'blind') followBlind(project)
  if (change.action !== null) done.acts.add(change.action)
  noteTimes(db, ids, done)
  tellOthers(project, change)
  const kept = input.ids.length - ids.length + change.left
  return kept ? { outcome: 'refused', reason: leftWords(kept, input.ids.length) } : { outcome: 'stored', reason: null }
}

const leftWords = (left: number, all: number): string =>
  all === 1
    ? inEnglish(say('meanwhile'))
    : `${left} of ${all} fields: each was decided meanwhile or shows something else now: look at it again. The others were stored.`

function noteTimes(db: ReadOnlyDatabase, ids: number[], { decidedAt: times }: Done): void {
  for (const id of ids) times.set(id, decidedAt(db, id))
}

const decidedAt = (db: ReadOnlyDatabase, id: number): string | null => decisionOn(db, id)?.at ?? null
