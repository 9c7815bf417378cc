/** The endpoint table: the contract's names to functions, exhaustive at compile time. Inputs arrive validated. */
import { availableParallelism, platform, release } from 'node:os'
import type { EndpointName } from '../../shared/contract'
import type { ImportReport } from '../../shared/domain'
import { reviewerOf, type Context } from '../context'
import { NominaError } from '../../shared/failure'
import { previewExport, writeExport } from '../export'
import { recutField } from '../forms/pipeline'
import { applyRelink, inspectLabels, listFolder, previewRelink, readProblems, scanPaths } from '../ingest'
import { currentModel, previewOfImport, resumeRun, startImport, startRecognition, startRetry } from '../jobs'
import { describeModels, refreshModels } from '../installed'
import {
  closeProject,
  createProject,
  openProject,
  openSample,
  projectInfo,
  selectTriedModel,
  suggestPath,
  announceProject
} from '../projects'
import {
  confidenceHistogram,
  decideInTurn,
  pace,
  queueIds,
  readDetail,
  readRows,
  redoInTurn,
  rotateField,
  undoInTurn
} from '../review'
import { heldByOthers, notHeld } from '../reviewers'
import { markOf, recordExport } from '../quality'
import { lastRun } from '../runs'
import { readCounts } from '../store'
import { datasetHandlers } from './dataset'
import { formsHandlers } from './forms'
import { lexiconHandlers } from './lexicon'
import { namesHandlers } from './names'
import { qualityHandlers } from './quality'
import { reviewersHandlers } from './reviewers'
import { db, done, followBlind, refuseOther, tellOthers } from './shared'
import type { HandlersOf } from './types'

export type Handlers = HandlersOf<EndpointName>

function runOf(context: Context, runId: number) {
  const run = context.runs.find((candidate) => candidate.id === runId)
  if (!run) throw new NominaError('not-found', `Run ${runId} is over.`)
  return run
}

export const handlers: Handlers = {
  'app.info': (context, _input, caller) => ({
    version: context.options.version,
    shell: context.options.shell,
    reviewer: reviewerOf(context, caller),
    role: caller.role,
    shared: context.team !== null,
    dataDir: context.options.dataDir,
    modelsFolder: context.modelsFolder,
    project: context.project ? projectInfo(context) : null,
    recent: caller.role === 'owner' ? context.preferences.recent() : []
  }),
  'app.setReviewer': async (context, { name }) => {
    context.preferences.reviewer = name
    await context.preferences.written()
    return done
  },
  'app.preferences': (context, _input, caller) => context.preferences.valuesOf(caller.reviewer),
  'app.setPreference': async (context, { key, value }, caller) => {
    context.preferences.setValue(key, value, caller.reviewer)
    await context.preferences.written()
    return done
  },

  'project.create': (context, { path }) => createProject(context, path),
  'project.open': (context, { path }) => openProject(context, path, { goOn: true }),
  'project.openSample': (context, { sample }) => openSample(context, sample),
  'project.close': async (context) => {
    await closeProject(context)
    return done
  },
  'project.info': (context) => projectInfo(context),
  'project.forget': async (context, { path }) => {
    context.preferences.forget(path)
    await context.preferences.written()
    return done
  },
  'project.suggestPath': (context, { name }) => ({ path: suggestPath(context, name) }),

  'folders.list': (_context, { path, extensions }) => listFolder(path, extensions),

  'import.scan': async (_context, { paths }) => {
    const { files, unsupported, labelFiles, leftOut } = await scanPaths(paths)
    const formats = new Map<string, number>()
    for (const file of files) formats.set(file.format, (formats.get(file.format) ?? 0) + 1)
    return {
      files: files.length,
      bytes: files.reduce((sum, file) => sum + file.size, 0),
      formats: [...formats].map(([format, count]) => ({ format, count })).sort((a, b) => b.count - a.count),
      unsupported,
      labelFiles,
      leftOut
    }
  },
  'labels.inspect': (_context, input) => inspectLabels(input),
  'import.preview': (context, input) => previewOfImport(context, input),
  'import.start': (context, input) => ({ runId: startImport(context, input).id }),
  'import.report': (context) => {
    const run = lastRun(db(context), 'import', 'done')
    return run?.result ? (JSON.parse(run.result) as ImportReport) : null
  },
  'import.problems': (context) => readProblems(db(context)),
  'import.retry': (context, { sourceIds }) => ({ runId: startRetry(context, sourceIds).id }),
  'relink.preview': (context, { from, to }) => previewRelink(db(context), from, to),
  'relink.apply': async (context, { from, to }) => {
    const result = await applyRelink(db(context), from, to)
    announceProject(context)
    context.bus.emit('fields.changed', { ids: null, counts: readCounts(db(context)) })
    return result
  },

  'runs.current': (context) => context.runs.map((run) => run.progress()),
  'runs.pause': (context, { runId }) => {
    runOf(context, runId).pause()
    return done
  },
  'runs.resume': (context, { runId }) => {
    const run = runOf(context, runId)
    const { status } = run.progress()
    if (status === 'paused') run.resume()
    else if (status !== 'running' && status !== 'done') {
      const stored = lastRun(db(context), run.kind)
      if (stored) resumeRun(context, run.kind, stored.parameters)
    }
    return done
  },
  'runs.cancel': (context, { runId }) => {
    runOf(context, runId).stop('cancelled')
    return done
  },

  'recognise.start': (context) => ({ runId: startRecognition(context).id }),
  'models.list': async (context, { rescan }) => {
    if (rescan) await refreshModels(context)
    return describeModels(context)
  },
  'models.select': async (context, { id, recognise }) => {
    await selectTriedModel(context, id)
    announceProject(context)
    context.bus.emit('models.changed', describeModels(context))
    context.bus.emit('fields.changed', { ids: null, counts: readCounts(db(context)) })
    if (recognise) startRecognition(context)
    return projectInfo(context)
  },
  'engine.report': (context) => ({
    ...context.engine.report(),
    cores: availableParallelism(),
    platform: `${platform()} ${release()}`
  }),
  'confidence.histogram': (context, { bins }) => confidenceHistogram(db(context), bins),

  'fields.ids': (context, input, caller) => {
    const ids = queueIds(db(context), input)
    if (!context.team) return { ids }
    const held = heldByOthers(db(context), reviewerOf(context, caller))
    return { ids: held.size ? ids.filter((id) => !held.has(id)) : ids }
  },
  'fields.rows': (context, { ids }) => ({ rows: readRows(db(context), ids) }),
  'fields.counts': (context) => readCounts(db(context)),
  'fields.detail': (context, { id }) => readDetail(db(context), id),
  'review.decide': async (context, { project, ...input }, caller) => {
    refuseOther(context, project)
    const reviewer = reviewerOf(context, caller)
    const ids = context.team ? notHeld(db(context), input.ids, reviewer) : input.ids
    const how = input.blind ? 'blind' : input.how
    const change = await decideInTurn(db(context), { ...input, how, ids, reviewer })
    if (how === 'blind') followBlind(context)
    tellOthers(context, change)
    return change
  },
  'review.undo': async (context, { request, project }, caller) => {
    refuseOther(context, project)
    const change = await undoInTurn(db(context), reviewerOf(context, caller), request)
    tellOthers(context, change)
    return change
  },
  'review.redo': async (context, { request, project }, caller) => {
    refuseOther(context, project)
    const change = await redoInTurn(db(context), reviewerOf(context, caller), request)
    tellOthers(context, change)
    return change
  },
  'review.rotate': (context, { id, turns, recognise, request, project }, caller) => {
    refuseOther(context, project)
    const { row } = rotateField(db(context), id, turns, { reviewer: reviewerOf(context, caller), request })
    context.bus.emit('fields.changed', { ids: [id], counts: readCounts(db(context)) })
    const reading = context.runs.some((run) => run.kind === 'recognise' && run.progress().status === 'running')
    if (recognise && !reading && currentModel(context)) startRecognition(context)
    return { row }
  },
  'review.pace': (context, _input, caller) => pace(db(context), reviewerOf(context, caller)),

  'export.preview': (context, options) => previewExport(db(context), options),
  'export.write': async (context, options) => {
    const mark = markOf(db(context))
    const { files, rows, crops } = await writeExport(db(context), options, {
      recut: (fieldId) => recutField(db(context), context.pages, fieldId)
    })
    recordExport(db(context), mark, options, rows)
    return { files, rows, crops }
  },

  ...datasetHandlers,
  ...formsHandlers,
  ...lexiconHandlers,
  ...namesHandlers,
  ...qualityHandlers,
  ...reviewersHandlers
}
