/** Finding fields as a job of a project: awake while files are taken in. */
import type { Job, Kind } from '../jobs'
import type { Project } from '../project'
import { readAlong } from '../recognise/stage'
import { pageCounts } from '../store/pages'
import { registerPages } from './pipeline'

export const registering: Kind<Project> = {
  name: 'pages',
  isStage: true,
  again: (project) => startPages(project)
}

/** Registers every page that waits, and cuts its fields. @throws NominaError('busy') */
export function startPages(project: Project): Job {
  const { changes, db, jobs, pages } = project
  const job = jobs.start(registering, {}, (control) =>
    registerPages(db, { client: pages, ...jobs.arrivals('pages') }, control, {
      onFields(ids) {
        changes.add(ids)
        jobs.wake()
      },
      onPages: (ids) => announcePages(project, ids)
    })
  )
  const over = (): void => {
    changes.flush()
    announcePages(project, null)
  }
  job.finished.then(over, over)
  return job
}

/** Where pages wait and nothing is at them already. */
export function registerAlong(project: Project): Job | null {
  const under = project.jobs.running('pages')
  if (under || pageCounts(project.db).pending === 0) return under ?? null
  return startPages(project)
}

/** Registers what waits, where nothing is at it already, and reads what comes of it. @returns null where nothing waits */
export function startPagesAndReading(project: Project, recognise: boolean): Job | null {
  const under = project.jobs.running('pages')
  const job = under ?? registerAlong(project)
  if (job && !under && recognise) readAlong(project)
  return job
}

export function announcePages(project: Project, ids: number[] | null): void {
  if (project.db.open) project.events.emit('pages.changed', { ids, counts: pageCounts(project.db) })
}
