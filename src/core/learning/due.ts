/** Rounds that start by themselves: whether one is due, and who watches for it. */
import * as v from 'valibot'
import type { LearningState } from '../../shared/contract/learning'
import type { Counts } from '../../shared/domain'
import { messageOf, NominaError } from '../../shared/failure'
import { jobsOfKind, lastJobOfKind, type StoredJob } from '../jobs'
import { readersInUse, type Project, type ReaderInUse } from '../project'
import { readCounts, readingOnly } from '../store'
import { writesElsewhere } from '../store/elsewhere'
import { countDecidedToLearn, listGenerations } from '../store/generations'
import { startLearning, tried } from './job'
import { settingsOf, waitsFor } from './settings'

/** Decisions that the first round needs. */
const FIRST = 30
/** By how much they grow until the next. */
const GROWTH = 1.5
/** ms that decisions gather before they are counted. */
const SETTLE_MS = 1000
/** ms between two looks whether another process has decided: it tells nobody. */
const ELSEWHERE_MS = 5000

export type Due = Pick<LearningState, 'decided' | 'nextAt' | 'waits'>

/** Jobs that are looked through for the last round of a reader. */
const LOOKED_AT = 50

/**
 * A round that came to nothing counts too: it is not tried again before there is more to learn from. One that began from another
 * make of the reader does not.
 */
function nextAt({ db }: Project, reader: ReaderInUse | undefined): number {
  if (reader === undefined) return FIRST
  const own = listGenerations(db, reader.readerId).filter(({ baseId }) => baseId === reader.baseId)
  const learnt = own.map(({ decided }) => decided)
  const last = Math.max(0, ...learnt, triedLast(jobsOfKind(db, 'learn', LOOKED_AT), reader))
  return Math.max(FIRST, Math.ceil(last * GROWTH))
}

/** Of the project's own reader. */
export function dueOf(project: Project): Due {
  const own = readersInUse(project).find(({ asked }) => asked === null)
  return {
    decided: countDecidedToLearn(project.db, null),
    nextAt: nextAt(project, own),
    waits: waitsFor(project)
  }
}

/** What the last round of this reader had to learn from; of one that was cut off nothing, since it begins again. */
function triedLast(newestFirst: readonly StoredJob[], { readerId, baseId }: ReaderInUse): number {
  for (const job of newestFirst) {
    const round = triedIn(job).find(({ reader, base = reader }) => reader === readerId && base === baseId)
    if (round) return job.status === 'interrupted' ? 0 : round.decided
  }
  return 0
}

function triedIn(job: StoredJob): v.InferOutput<typeof tried>['tried'] {
  const { success, output } = v.safeParse(tried, JSON.parse(job.parameters))
  return success ? output.tried : []
}

/** Starts a round where one is due. @returns how many more decisions it takes; 0: it was started, or waits for something else */
function learnIfDue(project: Project): number {
  const { db, jobs } = project
  if (jobs.running('learn') || waitsFor(project) !== null) return 0
  const last = lastJobOfKind(db, 'learn')
  const cutOff = new Set(last?.status === 'interrupted' ? triedIn(last).map(({ reader }) => reader) : [])
  const readers = readersInUse(project)
  const lacking = readers.map((reader) => (cutOff.has(reader.readerId) ? 0 : lackingFor(project, reader)))
  const due = readers.filter((_, place) => lacking[place] === 0).map(({ readerId }) => readerId)
  if (!due.length) return Math.min(...lacking)
  try {
    startLearning(project, { budget: settingsOf(db).budget, readers: due })
  } catch (error) {
    // Another process learns on this project, or nothing that was decided has a text: the next decision asks again.
    if (!(error instanceof NominaError)) throw error
  }
  return 0
}

/** Decisions that a reader's next round lacks. */
function lackingFor(project: Project, reader: ReaderInUse): number {
  const { asked } = reader
  const at = nextAt(project, reader)
  // Counting those that can be learnt from takes a look at each: not where too few are decided at all.
  const lacking = at - decidedIn(readCounts(project.db))
  return lacking > 0 ? lacking : Math.max(0, at - countDecidedToLearn(project.db, asked, at))
}

/** In any way. */
const decidedIn = ({ total, undecided, failed }: Counts): number => total - undecided - failed

interface Watch {
  look(): void
}
const watches = new WeakMap<Project, Watch>()

/** Looks now whether a round is due, and from now on whenever something was decided, until the project is closed. */
export function learnByItself(project: Project): void {
  if (readingOnly(project.db) !== null) return
  if (!watches.has(project)) watches.set(project, watch(project))
  watches.get(project)!.look()
}

function watch(project: Project): Watch {
  const { app, db, events, signal } = project
  let timer: NodeJS.Timeout | null = null
  /** Decided fields of any kind below which counting those that can be learnt from finds too few. */
  let enough = 0
  const look = (): void => {
    timer = null
    if (signal.aborted) return
    try {
      enough = decidedIn(readCounts(db)) + learnIfDue(project)
    } catch (error) {
      // Its disk is gone, say: whoever decides is told of it, and the next decision looks again.
      console.error(messageOf(error))
    }
  }
  const soon = (): void => {
    timer ??= setTimeout(look, SETTLE_MS).unref()
  }
  let seen = writesElsewhere(db)
  const elsewhere = setInterval(() => {
    try {
      const writes = writesElsewhere(db)
      if (writes !== seen && decidedIn(readCounts(db)) >= enough) soon()
      seen = writes
    } catch {
      // It can't be read now: the next look tries again.
    }
  }, ELSEWHERE_MS).unref()
  const stops = [
    () => clearInterval(elsewhere),
    events.on('fields.changed', ({ counts }) => decidedIn(counts) >= enough && soon()),
    // More may have been decided while it ran.
    events.on('run.progress', ({ kind, status }) => kind === 'learn' && status !== 'running' && soon()),
    app.options.power?.onChange(soon)
  ]
  signal.addEventListener('abort', () => {
    if (timer) clearTimeout(timer)
    for (const stop of stops) stop?.()
  })
  return { look }
}
