import type { jobsEndpoints } from '../../shared/contract/jobs'
import { NominaError } from '../../shared/failure'
import { resumeRun } from '../jobs'
import { done, type Project, type ProjectHandlers } from '../project'
import { lastRun, type Run } from '.'

export const jobsHandlers: ProjectHandlers<keyof typeof jobsEndpoints> = {
  'runs.current': (project) => project.runs.map((run) => run.progress()),
  'runs.pause': (project, { runId }) => {
    runOf(project, runId).pause()
    return done
  },
  'runs.resume': (project, { runId }) => {
    const run = runOf(project, runId)
    const { status } = run.progress()
    if (status === 'paused') run.resume()
    else if (status !== 'running' && status !== 'done') {
      const stored = lastRun(project.db, run.kind)
      if (stored) resumeRun(project, run.kind, stored.parameters)
    }
    return done
  },
  'runs.cancel': (project, { runId }) => {
    runOf(project, runId).stop('cancelled')
    return done
  }
}

function runOf(project: Project, runId: number): Run {
  const run = project.runs.find((candidate) => candidate.id === runId)
  if (!run) throw new NominaError('not-found', `Run ${runId} is over.`)
  return run
}
