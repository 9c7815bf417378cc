import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createCore, type Core } from '../core'
import { readingOnly } from '../core/store'
import { NominaError } from '../shared/failure'
import type { Log } from './log'
import { ProgressLine } from './progress'
import type { Settings } from '../core/app/installation'
import { printable, type Terminal } from './terminal'

/** What a command answers: its JSON value (exactly one is printed with `--json`) and the same for people. */
export interface Outcome {
  value: unknown
  text: string
  /** The command has written its own output: nothing is printed. */
  said?: true
  /** 0 where absent. */
  exitCode?: number
  /** A server goes on after its outcome is printed, until this settles. */
  until?: Promise<void>
}

/** What every command is given besides its own arguments. */
export interface Session {
  settings: Settings
  terminal: Terminal
  log: Log
  progress: ProgressLine
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal
  /** Values of `--models`, absolute, in the order given. */
  modelsDirs: string[]
  /** A line on standard error, beside whatever the progress bar shows. */
  tell(message: string): void
}

export function createSession(
  given: Pick<Session, 'settings' | 'terminal' | 'log' | 'signal'> & { models: string[] }
): Session {
  const { settings, terminal, log, signal } = given
  const progress = new ProgressLine(terminal.stderr)
  return {
    settings,
    terminal,
    log,
    signal,
    progress,
    modelsDirs: given.models.map((folder) => resolve(folder)),
    tell(message) {
      progress.clear()
      terminal.stderr.write(`${printable(message)}\n`)
    }
  }
}

/**
 * Runs `work` with a core that is closed afterwards, however it ends.
 * @throws NominaError('refused') where the user's data folder can't be written
 */
export async function withCore<T>(
  session: Session,
  { provider }: { provider?: string | undefined },
  work: (core: Core) => Promise<T>
): Promise<T> {
  const core = await openCore(session, provider ?? null)
  try {
    for (const { path, reason } of core.app.registry.refused) session.log.warn({ path, reason }, 'model refused')
    return await work(telling(core, session))
  } finally {
    await core.close()
  }
}

/** A project that is brought up to date, or can't be changed, says so on standard error, whatever is done with it. */
const telling = (core: Core, session: Session): Core => ({
  ...core,
  async open(path, how) {
    const what = 'Bringing the project up to date'
    const project = await core
      .open(path, {
        ...how,
        updating({ step }) {
          if (step)
            session.progress.update({ what, done: step.done, total: step.of, failed: 0, rate: null, timeLeft: null })
          else
            session.tell(
              `${path} is of an earlier Nomina: it is copied beside itself and brought up to date. A million fields take most of a minute.`
            )
        }
      })
      .finally(() => session.progress.end(what))
    const note = readingOnly(project.db)
    if (note !== null) session.tell(note)
    return project
  }
})

/** Shipped ones first, then the user's own folder, then those of the command line. @throws NominaError('not-found') */
export function modelsFolders({ settings, modelsDirs }: Session): string[] {
  const missing = modelsDirs.find((folder) => !statSync(folder, { throwIfNoEntry: false })?.isDirectory())
  if (missing !== undefined) throw new NominaError('not-found', `There is no models folder ${missing}.`)
  return [settings.shippedModels, join(settings.dataDir, 'models'), ...modelsDirs]
}

export async function openCore(session: Session, provider: string | null): Promise<Core> {
  modelsFolders(session)
  const { settings, modelsDirs } = session
  try {
    return await createCore({
      dataDir: settings.dataDir,
      modelsDirs: [settings.shippedModels, ...modelsDirs],
      samplesDir: settings.samplesDir,
      enginePath: settings.enginePath,
      pagesPath: settings.pagesPath,
      ...(settings.spawnEngine ? { spawnEngine: settings.spawnEngine } : {}),
      shell: 'browser',
      version: settings.version,
      provider
    })
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException
    if (error instanceof NominaError || !code || !path?.startsWith(settings.dataDir)) throw error
    throw new NominaError(
      'refused',
      `Nomina can't write to its own folder ${settings.dataDir} (${code}). Set NOMINA_HOME to a folder that it may write to.`,
      { cause: error }
    )
  }
}
