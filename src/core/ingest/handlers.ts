import type { ingestAppEndpoints, ingestEndpoints } from '../../shared/contract/ingest'
import type { ImportReport } from '../../shared/domain'
import { lastJobOfKind } from '../jobs'
import { announceProject, type AppHandlers, type ProjectHandlers } from '../project'
import { applyRelink, inspectLabels, listFolder, previewRelink, readProblems, scanPaths } from '.'
import { knownFolders } from './known-folders'
import { looksOfFiles } from './looks'
import { previewOfImport, startImport, startRetry } from './job'

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
  'labels.inspect': (_project, input) => inspectLabels(input)
}

export const ingestHandlers: ProjectHandlers<keyof typeof ingestEndpoints> = {
  'import.preview': (project, input) => previewOfImport(project, input),
  'import.start': (project, input) => ({ runId: startImport(project, input).id }),
  'import.report': (project) => {
    const run = lastJobOfKind(project.db, 'import', 'done')
    return run?.result ? (JSON.parse(run.result) as ImportReport) : null
  },
  'import.problems': (project) => readProblems(project.db),
  'import.retry': (project, { sourceIds }) => ({ runId: startRetry(project, sourceIds).id }),
  'relink.preview': (project, { from, to }) => previewRelink(project.db, from, to),
  'relink.apply': async (project, { from, to }) => {
    const result = await applyRelink(project.db, from, to)
    announceProject(project)
    project.tellFields(null)
    return result
  }
}
