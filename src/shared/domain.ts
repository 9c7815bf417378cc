/** The words of the domain, as types that cross every boundary: plain JSON, no Node, no DOM. */
import * as v from 'valibot'
import { finite, list, text } from './bounds'
import { exportFormats } from './export-formats'
import { runKinds } from './job-kinds'
import { decisionKinds, fieldStatuses, labelStates } from './states'

/** What is currently true of a field: its latest valid decision, else `undecided`, else why it can't be read. */
export const fieldStatus = v.picklist(fieldStatuses)
export type { DecisionKind, FieldStatus, LabelState } from './states'

/** What a person says of a field. `flagged` is a crop that shows the wrong thing: it has no label. */
export const decisionKind = v.picklist(decisionKinds)

/**
 * How a field was seen by who decided on it: `blind`, without label, reading and confidence; `field`, its ink shown large; `tile`, one
 * among others; `unseen`, not at all. Figures, calibration, promises and samples use the first two.
 */
export const seen = v.picklist(['blind', 'field', 'tile', 'unseen'])
export type Seen = v.InferOutput<typeof seen>

export const labelState = v.picklist(labelStates)

/** Where a field's current label comes from. */
export const labelOrigin = v.picklist(['decision', 'imported', 'reading', 'none'])
export type LabelOrigin = v.InferOutput<typeof labelOrigin>

/** One decoded character: confidence as a fraction, span in px of the upright crop, start inclusive, end exclusive. */
export const character = v.object({
  text: v.string(),
  confidence: v.number(),
  start: v.number(),
  end: v.number()
})
export type Character = v.InferOutput<typeof character>

/** Where a suggested text comes from: the model alone, an imported list, or what was decided in this project. */
export const suggestionSource = v.picklist(['reading', 'lexicon', 'roster', 'project'])
export type SuggestionSource = v.InferOutput<typeof suggestionSource>

/** Probabilities of all add up to at most 1: the rest is that it is something else. No source: the reading. */
export const alternative = v.object({
  text: v.string(),
  probability: v.number(),
  source: v.optional(suggestionSource)
})
export type Alternative = v.InferOutput<typeof alternative>

/** What one model read on one crop. */
export const reading = v.object({
  text: v.string(),
  /** Probability that the whole text is right, 0–1; see `calibrated`. */
  confidence: v.number(),
  calibrated: v.boolean(),
  characters: v.array(character),
  /** Best first, the first being `text`; may be empty. */
  alternatives: v.array(alternative),
  model: v.string(),
  modelHash: v.string(),
  provider: v.string(),
  readAt: v.string()
})
export type Reading = v.InferOutput<typeof reading>

export const quarterTurns = v.picklist([0, 1, 2, 3])
export type QuarterTurns = v.InferOutput<typeof quarterTurns>

/** One row of the queue or of the list: all that is needed to draw a field and decide on it. */
export const fieldRow = v.object({
  id: v.number(),
  /** Path relative to the imported folder, with `/`. */
  file: v.string(),
  page: v.number(),
  field: v.string(),
  /** The page it was cut from; null for a field that is a whole file. */
  pageId: v.nullable(v.number()),
  /** Probability that nothing is written in it, 0–1; null where it is not known. */
  blank: v.nullable(v.number()),
  status: fieldStatus,
  /** Current label; null where the state is not `text` or nothing is known. */
  text: v.nullable(v.string()),
  origin: labelOrigin,
  imported: v.nullable(v.string()),
  importedState: v.nullable(labelState),
  /** Imported label and reading differ (case, and accents the charset lacks, do not count). */
  differs: v.boolean(),
  reading: v.nullable(v.string()),
  confidence: v.nullable(v.number()),
  calibrated: v.boolean(),
  characters: v.array(character),
  alternatives: v.array(alternative),
  /** Upright crop size in px, after rotation; 0 where it is not known. */
  width: v.number(),
  height: v.number(),
  rotation: quarterTurns,
  /** Why it failed, or the note of a flagged crop. */
  note: v.nullable(v.string()),
  model: v.nullable(v.string()),
  reviewer: v.nullable(v.string()),
  decidedAt: v.nullable(v.string()),
  /** What was decided here before the field showed something else: a suggestion, while it is open again. */
  earlier: v.optional(
    v.nullable(v.object({ kind: decisionKind, text: v.nullable(v.string()), reviewer: v.string(), at: v.string() }))
  ),
  /** The number of the last change of what is written in it: of the scan behind it, or of its box. Goes with a decision. */
  ink: v.number(),
  /** As of which change, of the same count, its text is so. */
  textAsOf: v.number(),
  /** Changes whenever the pixels shown change: part of the image URL. */
  imageVersion: v.string()
})
export type FieldRow = v.InferOutput<typeof fieldRow>

/** One line of a field's history, oldest first. */
export const historyEntry = v.object({
  at: v.string(),
  what: v.picklist(['imported', 'label', 'read', 'decided', 'undone', 'rotated']),
  text: v.nullable(v.string()),
  kind: v.nullable(v.string()),
  who: v.nullable(v.string()),
  /** Decided when the queue had brought it at random. */
  random: v.optional(v.boolean(), false)
})
export type HistoryEntry = v.InferOutput<typeof historyEntry>

/**
 * `suggested`: a random sample of all as long as the reader is new to the hand, then least sure first with one random field in
 * ten; of other filters than `undecided` least sure first.
 */
export const order = v.picklist(['suggested', 'confidence', 'differs', 'file', 'random'])
export type Order = v.InferOutput<typeof order>

export const filter = v.object({
  status: v.optional(v.picklist(['all', 'decided', ...fieldStatuses])),
  differs: v.optional(v.boolean()),
  /** Bounds of the confidence as fractions, inclusive. */
  minConfidence: v.optional(finite),
  maxConfidence: v.optional(finite),
  /** Case-insensitive substring of label, reading, imported label or file. */
  search: v.optional(text(200)),
  /** The name of the form's field is exactly this. */
  field: v.optional(text(2000)),
  /** The label's text is exactly this. */
  text: v.optional(text(2000)),
  /** The label's text contains this, case and accents as they are. */
  character: v.optional(text(16)),
  /** Bounds of the label's length in code points, inclusive. */
  minLength: v.optional(finite),
  maxLength: v.optional(finite),
  origin: v.optional(labelOrigin),
  /** The imported label's state; `none`: nothing was imported. */
  imported: v.optional(v.picklist([...labelStates, 'none'])),
  /** Bounds of the crop's size in px, inclusive. */
  minWidth: v.optional(finite),
  maxWidth: v.optional(finite),
  minHeight: v.optional(finite),
  maxHeight: v.optional(finite),
  /** Whose decision counts, and when it was made: ISO times, from inclusive, to exclusive. */
  reviewer: v.optional(text(200)),
  decidedFrom: v.optional(text(40)),
  decidedTo: v.optional(text(40)),
  /** An export's number: fields that have changed since it was written. */
  changedSinceExport: v.optional(finite),
  /** Decided before and open again: by the last import (or when a box was moved, in all) that found something else there. */
  reopened: v.optional(v.picklist(['last-import', 'all'])),
  /** Decided before decisions stored what they were made on, on a file that had changed at some time. */
  doubtful: v.optional(v.literal(true)),
  // These three have an order of their own, which goes before `order`: worst first, as drawn, as given.
  /** Least probability that the imported label is wrong. */
  suspect: v.optional(finite),
  /** Fields of the blind random sample, or of a rule's audit, that wait for their decision. */
  sample: v.optional(v.picklist(['accuracy', 'audit'])),
  /** A kept list of fields. */
  selection: v.optional(finite)
})
export type Filter = v.InferOutput<typeof filter>

export const counts = v.object({
  total: v.number(),
  ...v.entriesFromList(fieldStatuses, v.number()),
  /** Fields with a reading of the project's current model. */
  read: v.number(),
  /** Undecided fields whose imported label differs from the reading. */
  differs: v.number(),
  /** Fields that the last import opened again, and that are still open. */
  reopened: v.optional(v.number()),
  /** Decided fields of which nobody knows whether their file has changed since. */
  doubtful: v.optional(v.number())
})
export type Counts = v.InferOutput<typeof counts>

/** Something that could not be used, and why: never skipped in silence. */
export const problem = v.object({
  /** Source id where one is stored, else null. */
  sourceId: v.nullable(v.number()),
  file: v.string(),
  reason: v.string()
})
export type Problem = v.InferOutput<typeof problem>

export const labelColumns = v.object({
  path: text(4096),
  encoding: text(40),
  delimiter: v.picklist([',', ';', '\t']),
  filenameColumn: text(2000),
  textColumn: text(2000)
})
export type LabelColumns = v.InferOutput<typeof labelColumns>

export const runKind = v.picklist(runKinds)
export const runStatus = v.picklist(['running', 'paused', 'done', 'cancelled', 'failed', 'interrupted'])
export type { RunKind } from './job-kinds'
export type RunStatus = v.InferOutput<typeof runStatus>

export const progress = v.object({
  runId: v.number(),
  kind: runKind,
  status: runStatus,
  done: v.number(),
  /** Null while it is still being counted. */
  total: v.nullable(v.number()),
  failed: v.number(),
  /** Items a second over the last few seconds; null until known. */
  rate: v.nullable(v.number()),
  /** Seconds; null until known. */
  timeLeft: v.nullable(v.number()),
  /** What is being done, or why it ended as it did. */
  message: v.nullable(v.string())
})
export type Progress = v.InferOutput<typeof progress>

/** What an import would do, counted before anything is written. */
export const importPreview = v.object({
  /** Files with the same content at their place; found again elsewhere; with other content; new; not there any more. */
  same: v.number(),
  moved: v.number(),
  changed: v.number(),
  added: v.number(),
  gone: v.number(),
  /** Known pages of files that are other than before, or gone. */
  pages: v.object({ same: v.number(), moved: v.number(), changed: v.number(), gone: v.number() }),
  /** Decided fields that would be open again, and those whose scan is gone. */
  reopened: v.number(),
  decidedGone: v.number(),
  /** Decisions on files that were taken out of the project and come back. */
  decidedBack: v.number()
})
export type ImportPreview = v.InferOutput<typeof importPreview>

/** Bytes that an import will take where the project lies, and those that are free there; null: that can't be said. */
export const importRoom = v.object({
  needed: v.number(),
  /** By what this project takes for each field; else by what is usual. */
  measured: v.boolean(),
  free: v.nullable(v.number())
})
export type ImportRoom = v.InferOutput<typeof importRoom>

/** What programs keep beside scans and is none (previews, deleted files, exported crops), by kind. */
export const leftOut = v.object({
  what: v.string(),
  images: v.number(),
  places: v.number(),
  /** Paths of the first folders or files, relative to the imported folder. */
  examples: v.array(v.string())
})
export type LeftOut = v.InferOutput<typeof leftOut>

export const importReport = v.object({
  files: v.number(),
  added: v.number(),
  unchanged: v.number(),
  changed: v.number(),
  missing: v.number(),
  /** Known files that were found again under another name or in another folder. */
  moved: v.optional(v.number(), 0),
  /** Decided fields that are open again, since their scan shows something else now. */
  reopened: v.optional(v.number(), 0),
  identical: v.number(),
  /** Pages of PDFs, multi-page TIFFs and, where templates are used, images. */
  pages: v.number(),
  failed: v.array(problem),
  unsupported: v.array(problem),
  leftOut: v.optional(v.array(leftOut), []),
  labels: v.object({
    file: v.nullable(v.string()),
    rows: v.number(),
    matched: v.number(),
    duplicates: v.number(),
    rowsWithoutFile: v.array(v.string()),
    filesWithoutRow: v.array(v.string()),
    /** Rows that became EMPTY, and the files of those whose cell was empty. */
    blank: v.optional(v.number(), 0),
    emptyCells: v.optional(v.array(v.string()), []),
    /** Files whose row was taken out of the table: they have its label no more. */
    withdrawn: v.optional(v.array(v.string()), []),
    /** Files without a row that keep the label of another table. */
    kept: v.optional(v.array(v.string()), []),
    problems: v.array(v.string())
  })
})
export type ImportReport = v.InferOutput<typeof importReport>

export const modelInfo = v.object({
  id: v.string(),
  title: v.string(),
  hash: v.string(),
  folder: v.string(),
  licence: v.nullable(v.string()),
  bytes: v.number(),
  charset: v.string(),
  input: v.string(),
  metrics: v.record(v.string(), v.unknown()),
  credits: v.array(v.string()),
  current: v.boolean(),
  /** It is not installed: the project keeps it, since it was read with it. */
  kept: v.boolean(),
  /** It is newer than a reader that the project has. */
  newer: v.boolean(),
  /** Of a model that the project learnt: its reader's own name, and its number. */
  generation: v.nullable(v.object({ reader: v.string(), number: v.number() }))
})
export type ModelInfo = v.InferOutput<typeof modelInfo>

/** `passedOver`: not broken, but of a kind that this version does not know. */
export const refusedModel = v.object({ path: v.string(), reason: v.string(), passedOver: v.optional(v.boolean()) })
export type RefusedModel = v.InferOutput<typeof refusedModel>

export const providerReport = v.object({
  name: v.string(),
  status: v.picklist(['chosen', 'available', 'passed over', 'unavailable']),
  reason: v.string(),
  /** Measured fields a second, where it ran. */
  fieldsPerSecond: v.nullable(v.number())
})
export type ProviderReport = v.InferOutput<typeof providerReport>

export const exportFormat = v.picklist(exportFormats)

export const exportOptions = v.object({
  /** Absolute path: with an ending of the format a file, else a folder. */
  out: v.pipe(text(4096), v.minLength(1)),
  format: exportFormat,
  /** Further columns of records, after each field's own. */
  details: v.optional(list(v.picklist(['state', 'confidence']), 2)),
  rows: v.picklist(['decided', 'all', 'filter']),
  filter: v.optional(filter),
  /** How blank and illegible fields are written in a training CSV or in records: as EMPTY and UNREADABLE, or left out. */
  unreadable: v.picklist(['mark', 'omit']),
  crops: v.boolean(),
  /** Also fields whose scan has changed or is gone since they were decided, and those whose decision is doubtful. */
  stale: v.optional(v.boolean()),
  /** Shares in per cent that add up to 100; identical images always fall in one part. Null: no split. */
  split: v.nullable(v.object({ train: finite, validation: finite, test: finite })),
  /** Quote cells that a spreadsheet would run as a formula. Off for training data. */
  spreadsheetSafe: v.boolean(),
  overwrite: v.boolean()
})
export type ExportOptions = v.InferOutput<typeof exportOptions>

export const exportPreview = v.object({
  rows: v.number(),
  header: v.array(v.string()),
  sample: v.array(v.array(v.string())),
  files: v.array(v.object({ path: v.string(), rows: v.nullable(v.number()), exists: v.boolean() })),
  omitted: v.array(v.object({ reason: v.string(), count: v.number() })),
  /** What else is worth knowing before writing, as sentences. */
  notes: v.array(v.string())
})
export type ExportPreview = v.InferOutput<typeof exportPreview>

export const projectInfo = v.object({
  path: v.string(),
  name: v.string(),
  counts,
  currentModel: v.nullable(v.string()),
  /** Installed readers that are newer than those that the project has, and that nobody has said “not now” to. */
  newer: v.array(v.object({ id: v.string(), hash: v.string(), reader: v.string() })),
  roots: v.array(v.object({ path: v.string(), reachable: v.boolean() })),
  /** What is wrong with its file, in words: it is damaged, or gone from its place. */
  problem: v.optional(v.nullable(v.string()), null),
  /** Why nothing can be changed in it, in words: its disk is full or read-only. */
  readingOnly: v.optional(v.nullable(v.string()), null),
  /** The name of the folder that it is a copy of, and when that was noticed: the two do not know of each other's decisions. */
  copyOf: v.optional(v.nullable(v.object({ name: v.string(), at: v.string() })))
})
export type ProjectInfo = v.InferOutput<typeof projectInfo>
