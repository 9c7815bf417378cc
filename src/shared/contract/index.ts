/**
 * The one contract between the renderer and the core. Each endpoint and event is a schema of its input and output;
 * types are inferred. Both shells serve exactly this table; the core validates inputs once, for every shell.
 */
import * as v from 'valibot'
import { finite, json, list, text } from '../bounds'
import {
  counts,
  decisionKind,
  exportOptions,
  exportPreview,
  fieldRow,
  filter,
  historyEntry,
  importPreview,
  leftOut,
  importReport,
  labelColumns,
  modelInfo,
  order,
  problem,
  progress,
  projectInfo,
  providerReport,
  quarterTurns,
  reading,
  refusedModel
} from '../domain'
import { datasetEndpoints, datasetEvents } from './dataset'
import { formsEndpoints, formsEvents } from './forms'
import { lexiconEndpoints, lexiconEvents } from './lexicon'
import { namesEndpoints } from './names'
import { qualityEndpoints, qualityEvents } from './quality'
import { reviewersEndpoints } from './reviewers'
import { changed, decidedAt, decidedIn, endpoint, id, ids, nothing, path, paths, request } from './parts'

export const endpoints = {
  // the app
  'app.info': endpoint(
    nothing,
    v.object({
      version: v.string(),
      shell: v.picklist(['electron', 'browser']),
      reviewer: v.string(),
      /** A reviewer came in by a link and may only review. */
      role: v.picklist(['owner', 'reviewer']),
      /** Several people work on this project: windows take leases on what they review. */
      shared: v.boolean(),
      dataDir: v.string(),
      modelsFolder: v.string(),
      project: v.nullable(projectInfo),
      recent: v.array(v.object({ path: v.string(), name: v.string(), openedAt: v.string(), exists: v.boolean() }))
    })
  ),
  'app.setReviewer': endpoint(v.object({ name: v.pipe(text(80), v.trim(), v.minLength(1)) }), nothing),
  'app.preferences': endpoint(nothing, v.record(v.string(), v.unknown())),
  'app.setPreference': endpoint(v.object({ key: text(80), value: json(16_384) }), nothing),

  // projects
  'project.create': endpoint(v.object({ path, name: v.optional(text(200)) }), projectInfo),
  'project.open': endpoint(v.object({ path }), projectInfo),
  /** `fields` (the default): single name fields with labels; `forms`: whole scanned pages with their template. */
  'project.openSample': endpoint(v.object({ sample: v.optional(v.picklist(['fields', 'forms'])) }), projectInfo),
  'project.close': endpoint(nothing, nothing),
  'project.info': endpoint(nothing, projectInfo),
  'project.forget': endpoint(v.object({ path }), nothing),
  /** A free folder for a new project, beside the user's other ones, named after `name`. */
  'project.suggestPath': endpoint(v.object({ name: text(200) }), v.object({ path: v.string() })),

  // the folder chooser of the browser shell
  'folders.list': endpoint(
    v.object({
      path: v.nullable(path),
      /** Files that end so are named in `files`, e.g. `json`. */
      extensions: v.optional(list(v.pipe(text(8), v.regex(/^[a-z0-9]{1,8}$/)), 50))
    }),
    v.object({
      path: v.string(),
      parent: v.nullable(v.string()),
      /** Images directly in this folder; `more` where counting stopped at the limit. */
      images: v.number(),
      more: v.boolean(),
      /** Whether this folder itself is a project. */
      project: v.boolean(),
      /** Full paths. */
      csv: v.array(v.string()),
      /** Full paths of what ends on one of `extensions`, at most 2,000. */
      files: v.array(v.string()),
      folders: v.array(
        v.object({ name: v.string(), path: v.string(), images: v.nullable(v.number()), project: v.boolean() })
      )
    })
  ),

  // import
  'import.scan': endpoint(
    v.object({ paths }),
    v.object({
      files: v.number(),
      bytes: v.number(),
      formats: v.array(v.object({ format: v.string(), count: v.number() })),
      unsupported: v.array(problem),
      labelFiles: v.array(v.string()),
      leftOut: v.array(leftOut)
    })
  ),
  'labels.inspect': endpoint(
    v.object({
      path,
      paths,
      encoding: v.optional(text(40)),
      delimiter: v.optional(v.picklist([',', ';', '\t'])),
      /** A person's choice instead of the columns found; one that is not in the file is ignored. */
      filenameColumn: v.optional(text(2000)),
      textColumn: v.optional(text(2000))
    }),
    v.object({
      chosen: labelColumns,
      columns: v.array(v.string()),
      rows: v.number(),
      sample: v.array(v.array(v.string())),
      /** Rows whose file name is among the scanned files, for the chosen columns. */
      matched: v.number(),
      problems: v.array(v.string())
    })
  ),
  /** What `import.start` would do with these paths. Nothing is written. */
  'import.preview': endpoint(v.object({ paths, pages: v.optional(v.boolean()) }), importPreview),
  'import.start': endpoint(
    v.object({
      paths,
      labels: v.nullable(labelColumns),
      recognise: v.boolean(),
      /** Every image is a page to be laid on the project's templates; PDFs and multi-page TIFFs always are pages. */
      pages: v.optional(v.boolean())
    }),
    v.object({ runId: v.number() })
  ),
  'import.report': endpoint(nothing, v.nullable(importReport)),
  'import.problems': endpoint(nothing, v.object({ failed: v.array(problem), total: v.number() })),
  'import.retry': endpoint(v.object({ sourceIds: v.nullable(ids) }), v.object({ runId: v.number() })),
  'relink.preview': endpoint(
    v.object({ from: path, to: path }),
    v.object({ same: v.number(), different: v.number(), missing: v.number(), examples: v.array(problem) })
  ),
  'relink.apply': endpoint(v.object({ from: path, to: path }), v.object({ relinked: v.number(), left: v.number() })),

  // runs
  'runs.current': endpoint(nothing, v.array(progress)),
  'runs.pause': endpoint(v.object({ runId: id }), nothing),
  'runs.resume': endpoint(v.object({ runId: id }), nothing),
  'runs.cancel': endpoint(v.object({ runId: id }), nothing),

  // recognition
  'recognise.start': endpoint(nothing, v.object({ runId: v.number() })),
  'models.list': endpoint(
    v.object({ rescan: v.optional(v.boolean()) }),
    v.object({ models: v.array(modelInfo), refused: v.array(refusedModel), folder: v.string() })
  ),
  'models.select': endpoint(v.object({ id: text(200), recognise: v.boolean() }), projectInfo),
  'engine.report': endpoint(
    nothing,
    v.object({
      running: v.boolean(),
      provider: v.nullable(v.string()),
      fieldsPerSecond: v.nullable(v.number()),
      providers: v.array(providerReport),
      cores: v.number(),
      platform: v.string()
    })
  ),
  'confidence.histogram': endpoint(
    v.object({ bins: v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(100)) }),
    v.object({ bins: v.array(v.number()), read: v.number(), calibrated: v.boolean() })
  ),

  // review
  'fields.ids': endpoint(
    v.object({ filter, order, seed: v.optional(finite), descending: v.optional(v.boolean()) }),
    v.object({ ids: v.array(v.number()) })
  ),
  'fields.rows': endpoint(v.object({ ids: list(id, 500) }), v.object({ rows: v.array(fieldRow) })),
  'fields.counts': endpoint(nothing, counts),
  'fields.detail': endpoint(
    v.object({ id }),
    v.object({
      row: fieldRow,
      readings: v.array(reading),
      history: v.array(historyEntry),
      path: v.string(),
      identical: v.number()
    })
  ),
  'review.decide': endpoint(
    v.object({
      ids: v.pipe(ids, v.minLength(1)),
      kind: decisionKind,
      /** `corrected`: the new text. `accepted`: the text that was taken; absent in bulk, where each field's own label is accepted. */
      text: v.optional(text(2000)),
      note: v.optional(text(2000)),
      /** The text that was shown as the field's own, to which `accepted` and `corrected` are relative; absent: its label. */
      shown: v.optional(text(2000)),
      /**
       * When the decision that was shown was made, null for none; one for all, or one for each of `ids`. A field that was decided on
       * since, by anybody, also by this person in another window, is left; the only one is refused (`conflict`).
       */
      seen: v.optional(v.union([decidedAt, list(decidedAt, 1_000_000)])),
      /** `accepted`: each field's reading in place of its label. */
      take: v.optional(v.literal('reading')),
      /** Of several accepted without a text: those whose label and reading differ are left, unless all do. */
      agreeing: v.optional(v.boolean()),
      /** The confidence was hidden: only such decisions count for the random sample and for audits. */
      blind: v.optional(v.boolean()),
      /** How they were seen otherwise; absent: one field by itself, several not at all. */
      how: v.optional(v.picklist(['field', 'tile', 'unseen'])),
      request,
      project: decidedIn
    }),
    changed
  ),
  'review.undo': endpoint(v.object({ request, project: decidedIn }), changed),
  'review.redo': endpoint(v.object({ request, project: decidedIn }), changed),
  /** An act as any other: undo turns the field back. */
  'review.rotate': endpoint(
    v.object({ id, turns: quarterTurns, recognise: v.boolean(), request, project: decidedIn }),
    v.object({ row: fieldRow })
  ),
  'review.pace': endpoint(
    nothing,
    v.object({ decidedToday: v.number(), perMinute: v.nullable(v.number()), secondsLeft: v.nullable(v.number()) })
  ),

  // export
  'export.preview': endpoint(exportOptions, exportPreview),
  'export.write': endpoint(
    exportOptions,
    v.object({ files: v.array(v.string()), rows: v.number(), crops: v.number() })
  ),

  ...datasetEndpoints,
  ...formsEndpoints,
  ...lexiconEndpoints,
  ...namesEndpoints,
  ...qualityEndpoints,
  ...reviewersEndpoints
} as const

export const events = {
  'run.progress': progress,
  /** Fields changed by a run or by another window; null: too many to name, ask again. */
  'fields.changed': v.object({ ids: v.nullable(v.array(v.number())), counts }),
  'project.changed': v.object({ project: v.nullable(projectInfo) }),
  'models.changed': v.object({ models: v.array(modelInfo), refused: v.array(refusedModel) }),
  'engine.changed': v.object({
    provider: v.nullable(v.string()),
    fieldsPerSecond: v.nullable(v.number()),
    note: v.nullable(v.string())
  }),
  ...datasetEvents,
  ...formsEvents,
  ...lexiconEvents,
  ...qualityEvents
} as const

export type EndpointName = keyof typeof endpoints
export type EventName = keyof typeof events
export type Input<N extends EndpointName> = v.InferInput<(typeof endpoints)[N]['input']>
export type Output<N extends EndpointName> = v.InferOutput<(typeof endpoints)[N]['output']>
export type EventPayload<N extends EventName> = v.InferOutput<(typeof events)[N]>

/** What crosses the boundary where a call fails: always said, never a stack. */
export interface Failure {
  /** Machine-readable: `invalid-input`, `no-project`, `not-found`, `exists`, `refused`, `busy`, `conflict`, `internal`. */
  code: string
  message: string
}
export type Reply<N extends EndpointName> = { ok: true; value: Output<N> } | { ok: false; error: Failure }

/** How the renderer reaches a shell. The Electron preload exposes it as `window.nomina`; the browser shell is reached by fetch. */
export interface Transport {
  call<N extends EndpointName>(name: N, input: Input<N>): Promise<Reply<N>>
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void
}

/** What only one shell can do; an unsupported thing is `null`. */
export interface Host {
  shell: 'electron' | 'browser'
  /** Native pickers; null in the browser shell, which lists the server's folders instead. */
  pickFolder: ((title: string) => Promise<string | null>) | null
  pickFile: ((title: string, extensions: string[]) => Promise<string | null>) | null
  saveFile: ((title: string, suggested: string) => Promise<string | null>) | null
  revealPath: ((path: string) => Promise<void>) | null
  /** The native menu's own commands; the browser has no menu. */
  onCommand: ((listener: (command: MenuCommand) => void) => () => void) | null
}

export type MenuCommand = 'new-from-folder' | 'open-project' | 'export'

/** What Electron's preload exposes as `window.nomina`. Inputs must be plain JSON: proxies cannot be cloned. */
export type Bridge = Transport & { [K in keyof Host]: NonNullable<Host[K]> }

/** The image of a field: `thumbnail` at most 64 px high, `full` as stored but upright. `version` is the row's `imageVersion`. */
export type ImageSize = 'thumbnail' | 'full'
