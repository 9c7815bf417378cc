import type { ingestAppEndpoints, ingestEndpoints } from '../../shared/contract/ingest'
import type { removalEndpoints } from '../../shared/contract/removal'
import type { ImportReport } from '../../shared/domain'
import { reviewerOf } from '../app'
import { lastJobOfKind } from '../jobs'
import { announceProject, type AppHandlers, type Project, type ProjectHandlers } from '../project'
import {
  applyRelink,
  bringBack,
  inspectLabels,
  listFolder,
  previewRelink,
  previewRemoval,
  readProblems,
  removeFiles,
  scanPaths
} from '.'
import { NominaError, say } from '../../shared/failure'
import { listImports, listRemovals } from '../store/removals'
import { knownFolders } from './known-folders'
import { looksOfFiles } from './looks'
import { previewOfImport, startImport, startRetry } from './job'
import { roomFor } from './room'

export const ingestAppHandlers: AppHandlers<keyof typeof ingestAppEndpoints> = {
  'folders.list': (_project, { path, extensions }) => listFolder(path, extensions),

  'folders.known': async () => ({ folders: await knownFolders() }),

  'import.scan': async (_project, { paths }) => {
    const { files, unsupported, labelFiles, leftOut } = await scanPaths(paths)
    const formats = new Map<string, number>()
    for (const file of files) formats.set(file.format, (formats.get(file.format) ?? 0) + 1)
    return {
      files: files.length,
      bytes: files.reduce((sum, file) => sum + file.size, 0),
      formats: [...formats].map(([format, count]) => ({ format, count })).sort((a, b) => b.count - a.count),
      unsupported,
      labelFiles,
      leftOut,
      looks: await looksOfFiles(files)
    }
  },
  'import.room': (_app, { place, ...coming }, { project }) => {
    const where = place ?? project?.path
    if (where === undefined) throw new NominaError('no-project', say('noProject'))
    return roomFor(where, place === null ? project : null, coming)
  },
  'labels.inspect': (_project, input) => inspectLabels(input)
}

export const ingestHandlers: ProjectHandlers<keyof typeof ingestEndpoints> = {
  'import.preview': (project, input) =>
    project.jobs.quick.run('previewImport', input, (control) => previewOfImport(project, input, control)),
  'import.start': (project, input) => ({ runId: startImport(project, input).id }),
  'import.report': (project) => {
    const run = lastJobOfKind(project.db, 'import', 'done')
    return run?.result ? (JSON.parse(run.result) as ImportReport) : null
  },
  'import.problems': (project) => readProblems(project.db),
  'import.retry': (project, { sourceIds }) => ({ runId: startRetry(project, sourceIds).id }),
  'relink.preview': ({ db, jobs }, where) =>
    jobs.quick.run('relink', ['preview', where], (control) => previewRelink(db, where.from, where.to, control)),
  'relink.apply': (project, where) =>
    project.jobs.quick.run('relink', ['apply', where], async (control) => {
      try {
        return await applyRelink(project.db, where.from, where.to, control)
      } finally {
        announceProject(project)
        project.tellFields(null)
      }
    })
}

/** Shown of each kind. */
const mostListed = 50

export const removalHandlers: ProjectHandlers<keyof typeof removalEndpoints> = {
  'removal.preview': ({ db }, what) => previewRemoval(db, what),
  'removal.remove': async (project, what, caller) => {
    refuseImporting(project)
    const reviewer = reviewerOf(project.app, caller)
    return project.jobs.quick.run('remove', [what, reviewer], async (control) => {
      const removal = await removeFiles(project.db, what, reviewer, control)
      tellAll(project)
      return { removal }
    })
  },
  'removal.list': ({ db }) => ({ imports: listImports(db, mostListed), removals: listRemovals(db, mostListed) }),
  'removal.bringBack': async (project, { removal }) => {
    refuseImporting(project)
    return project.jobs.quick.run('bringBack', removal, async (control) => {
      const files = await bringBack(project.db, removal, control)
      tellAll(project)
      return { files }
    })
  }
}

/** An import has a plan of what lies where. */
function refuseImporting({ jobs }: Project): void {
  if (jobs.running('import')) throw new NominaError('busy', say('importUnderWay'))
}

function tellAll(project: Project): void {
  project.jobs.wake()
  announceProject(project)
  project.tellFields(null)
}
