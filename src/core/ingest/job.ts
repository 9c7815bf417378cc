/** Import as a job of a project, with the stages that work beside it. */
import type { ImportPreview, LabelColumns } from '../../shared/domain'
import { registerAlong } from '../forms/stage'
import type { Control, Job, JobControl, Kind } from '../jobs'
import type { Project } from '../project'
import { readAlong } from '../recognise/stage'
import { importPaths, previewImport, retrySources, type ImportHooks, type ImportOptions } from '.'

export const importing: Kind<Project> = {
  name: 'import',
  isStage: false,
  again(project, parameters) {
    const stored = parameters as ImportInput | { retry: number[] | null }
    return 'retry' in stored ? startRetry(project, stored.retry) : startImport(project, stored)
  }
}

export interface ImportInput {
  paths: string[]
  labels: LabelColumns | null
  recognise: boolean
  /** Every image is a page to be laid on the project's templates. */
  pages?: boolean | undefined
}

export function startImport(project: Project, input: ImportInput): Job {
  const { db } = project
  const options = { ...input, ...lookingInto(project), asPages: input.pages === true }
  return startIngest(project, input, input.recognise, (job, hooks) => importPaths(db, options, job, hooks))
}

export function startRetry(project: Project, sourceIds: number[] | null): Job {
  const { db } = project
  return startIngest(project, { retry: sourceIds }, true, (job, hooks) =>
    retrySources(db, sourceIds, job, hooks, lookingInto(project))
  )
}

/** What `startImport` would do with these. Nothing is written. @throws as it */
export const previewOfImport = (
  project: Project,
  { paths, pages }: Pick<ImportInput, 'paths' | 'pages'>,
  control?: Control
): Promise<ImportPreview> =>
  previewImport(project.db, { paths, asPages: pages === true, ...lookingInto(project) }, control)

/** Files of pages are opened in the pages processes. */
const lookingInto = ({ pages }: Project): Required<Pick<ImportOptions, 'countPages' | 'identify'>> => ({
  countPages: (path) => pages.call('open', { path }),
  identify: async (path, options) => (await pages.call('identify', { path, ...options })).pages
})

function startIngest(
  project: Project,
  parameters: unknown,
  recognise: boolean,
  body: (job: JobControl, hooks: ImportHooks) => Promise<unknown>
): Job {
  const { changes, jobs } = project
  const hooks: ImportHooks = {
    onFields(ids) {
      changes.add(ids)
      jobs.wake()
    },
    onPages() {
      registerAlong(project)
      jobs.wake()
    }
  }
  const job = jobs.start(importing, parameters, async (control) => {
    const result = await body(control, hooks)
    // Also what an earlier import left: it was cut off, or there was no template yet.
    registerAlong(project)
    return result
  })
  job.finished.then(changes.flush, changes.flush)
  if (recognise) readAlong(project, true)
  return job
}
