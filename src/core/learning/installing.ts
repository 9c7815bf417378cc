/** The set-up as the windows see it: begun by a button, followed, stopped and gone on with. One at a time for the app. */
import { existsSync } from 'node:fs'
import type { SetupState } from '../../shared/contract/learning'
import { messageOf, NominaError, say } from '../../shared/failure'
import type { App } from '../app'
import { environmentFolder, readEnvironment } from './environment'
import { learningStatus, removeLearning, setUpLearning, sizeOf, type SetupOptions } from './setup'

/** On the disk, measured: Python's packages with a PyTorch that has no GPU. */
const NEEDS = 1_100_000_000
/** ms between two looks at how much is there. */
const LOOK_MS = 2000
/** ms between two lines that are told. */
const TELL_MS = 200

interface Installing {
  state: SetupState
  abort: AbortController
  ended: Promise<void>
}
interface Known {
  installing: Installing | null
  /** What a look at the environment found: it starts Python, which takes seconds. */
  looked: Promise<SetupState> | null
  /** Why the last try came to nothing. */
  problem: SetupState['problem']
}
const known = new WeakMap<App, Known>()

function knownOf(app: App): Known {
  const found = known.get(app) ?? { installing: null, looked: null, problem: null }
  known.set(app, found)
  return found
}

export async function setupState(app: App): Promise<SetupState> {
  const of = knownOf(app)
  if (of.installing) return of.installing.state
  const environment = readEnvironment(app.options.dataDir)
  // Deleted meanwhile, or set up by the command line.
  if (environment === null || !existsSync(environment.command[0]!)) of.looked = null
  of.looked ??= look(app)
  const state = await of.looked
  if (state.state !== 'ready' && state.state !== 'outdated') of.looked = null
  return { ...state, problem: state.problem ?? of.problem }
}

async function look(app: App): Promise<SetupState> {
  const { state, bytes, torch, problem } = await learningStatus(app)
  return {
    state: state === 'none' && bytes > 0 ? 'stopped' : state,
    bytes,
    needs: NEEDS,
    torch,
    step: null,
    line: null,
    problem: problem === null ? null : { code: 'broken', message: problem }
  }
}

/** Begins, or goes on; where it is under way nothing is done. How it goes is told by the event `learning.setup`. */
export function startInstalling(app: App, options: Pick<SetupOptions, 'python'> = {}): SetupState {
  const of = knownOf(app)
  if (of.installing) return of.installing.state
  const abort = new AbortController()
  const state: SetupState = {
    state: 'installing',
    bytes: 0,
    needs: NEEDS,
    torch: null,
    step: 'begin',
    line: null,
    problem: null
  }
  const installing: Installing = { state, abort, ended: Promise.resolve() }
  Object.assign(of, { installing, looked: null, problem: null })
  installing.ended = install(app, installing, options).then((problem) => {
    Object.assign(of, { installing: null, looked: null, problem })
    return setupState(app).then(
      (now) => app.events.emit('learning.setup', now),
      () => undefined
    )
  })
  return state
}

/** @returns why it came to nothing; null: it did not, or was stopped */
async function install(
  app: App,
  installing: Installing,
  { python }: Pick<SetupOptions, 'python'>
): Promise<SetupState['problem']> {
  const { signal } = installing.abort
  let told = 0
  const now = (change: Partial<SetupState>): void => {
    installing.state = { ...installing.state, ...change }
    if (!change.step && performance.now() - told < TELL_MS) return
    told = performance.now()
    app.events.emit('learning.setup', installing.state)
  }
  const folder = environmentFolder(app.options.dataDir)
  let looking = false
  const measure = setInterval(() => {
    if (looking) return
    looking = true
    void sizeOf(folder).then((bytes) => {
      looking = false
      now({ bytes })
    })
  }, LOOK_MS).unref()
  try {
    await setUpLearning(app, {
      python,
      signal,
      onStep: (step) => now({ step }),
      onLine: (line) => now(/^Installing collected|^Prepared /.test(line) ? { step: 'unpack', line } : { line })
    })
    return null
  } catch (error) {
    if (signal.aborted) return null
    return { code: error instanceof NominaError ? error.code : 'failed', message: messageOf(error) }
  } finally {
    clearInterval(measure)
  }
}

/** What was fetched stays. Resolves when nothing of it runs any more. */
export async function stopInstalling(app: App): Promise<void> {
  const { installing } = knownOf(app)
  installing?.abort.abort(new NominaError('cancelled', say('stopped')))
  await installing?.ended
}

export async function uninstall(app: App): Promise<void> {
  await stopInstalling(app)
  await removeLearning(app)
  Object.assign(knownOf(app), { looked: null, problem: null })
}
