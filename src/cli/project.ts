import { existsSync, readdirSync, statSync } from 'node:fs'
import { NominaError } from '../shared/failure'
import type { Project } from '../core/project'
import type { Job } from '../core/jobs'
import type { Session } from './session'

/** @throws NominaError('refused') for a folder of someone's files: it never becomes a project by mistake */
export function refuseOccupied(path: string): void {
  if (!existsSync(path)) return
  if (!statSync(path).isDirectory())
    throw new NominaError('refused', `${path} is a file. A project is a folder: give one that is missing or empty.`)
  const inside = readdirSync(path)
  if (inside.length === 0 || inside.includes('nomina.db')) return
  throw new NominaError(
    'refused',
    `${path} is no Nomina project and is not empty. Give a folder that is missing or empty, or an existing project.`
  )
}

/**
 * Waits for a run, shows how far it is, and stops it when the command is stopped.
 * @returns its result; null where it was stopped
 * @throws what the run failed with
 */
export async function followRun(session: Session, project: Project, jobs: Job[], words: Record<string, string>) {
  const off = project.events.on('run.progress', ({ kind, ...progress }) =>
    session.progress.update({ ...progress, what: words[kind] ?? kind })
  )
  // Also what a run has started beside it.
  const stop = (): void => project.jobs.all.forEach((job) => job.stop('interrupted'))
  session.signal.addEventListener('abort', stop)
  if (session.signal.aborted) stop()
  try {
    const settled = await Promise.allSettled(jobs.map((job) => job.finished))
    const failed = settled.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
    session.signal.throwIfAborted()
    return settled.map((result) => (result as PromiseFulfilledResult<unknown>).value)
  } finally {
    session.signal.removeEventListener('abort', stop)
    off()
  }
}
