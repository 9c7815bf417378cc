import type { jobsEndpoints } from '../../shared/contract/jobs'
import { NominaError } from '../../shared/failure'
import { findJob, type Job } from '../jobs'
import { done, type Project, type ProjectHandlers } from '../project'
import { kinds } from './kinds'

export const jobsHandlers: ProjectHandlers<keyof typeof jobsEndpoints> = {
  'runs.start': (project, { kind }) => ({ runId: kinds[kind].start(project).id }),
  'runs.current': ({ jobs }) => jobs.all.map((job) => job.progress()),
  'runs.pause': (project, { runId }) => {
    jobOf(project, runId).pause()
    return done
  },
  'runs.resume': (project, { runId }) => {
    const job = jobOf(project, runId)
    const { status } = job.progress()
    if (status === 'paused') job.resume()
    else if (status !== 'running' && status !== 'done') goOnWith(project, runId)
    return done
  },
  'runs.cancel': (project, { runId }) => {
    jobOf(project, runId).stop('cancelled')
    return done
  },
  'runs.quick': ({ jobs }) => jobs.quick.all,
  'runs.cancelQuick': ({ jobs }, { id }) => {
    jobs.quick.cancel(id)
    return done
  }
}

function jobOf({ jobs }: Project, id: number): Job {
  const job = jobs.all.find((candidate) => candidate.id === id)
  if (!job) throw new NominaError('not-found', `Run ${id} is over.`)
  return job
}

/** Begins a job again that is over. */
function goOnWith(project: Project, id: number): void {
  const { kind, parameters } = findJob(project.db, id)!
  kinds[kind].again(project, JSON.parse(parameters))
}
