/** Folders to choose from, import, and scans that have moved. */
import * as v from 'valibot'
import { list, text } from '../bounds'
import { importPreview, importReport, importRoom, labelColumns, leftOut, problem } from '../domain'
import { ids, nothing, ofApp, ofProject, path, paths } from './parts'

export const ingestAppEndpoints = {
  'folders.list': ofApp(
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
  /** Where a person keeps things on this machine: those that are there. */
  'folders.known': ofApp(
    nothing,
    v.object({
      folders: v.array(
        v.object({
          kind: v.picklist(['home', 'documents', 'pictures', 'downloads', 'drive']),
          path: v.string(),
          /** Of a drive. */
          name: v.optional(v.string())
        })
      )
    })
  ),
  'import.scan': ofApp(
    v.object({ paths }),
    v.object({
      files: v.number(),
      bytes: v.number(),
      formats: v.array(v.object({ format: v.string(), count: v.number() })),
      unsupported: v.array(problem),
      labelFiles: v.array(v.string()),
      leftOut: v.array(leftOut),
      /** What the images are, by the size and shape of some of them. */
      looks: v.picklist(['fields', 'pages', 'unsure'])
    })
  ),
  /** What an import of these scans will take: into the project at `place` that is yet to be made, or (null) into the one shown. */
  'import.room': ofApp(
    v.object({
      place: v.nullable(path),
      folder: path,
      files: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      bytes: v.pipe(v.number(), v.minValue(0)),
      pages: v.boolean()
    }),
    importRoom
  ),
  'labels.inspect': ofApp(
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
      /** Rows whose file name several of them have: their folders have to be written too. */
      ambiguous: v.number(),
      /** Rows that become EMPTY. */
      blank: v.number(),
      /** Why a guess is not certain, in a sentence: to be asked before it is used. Null where it is certain, or was chosen. */
      doubts: v.object({ encoding: v.nullable(v.string()), column: v.nullable(v.string()) }),
      problems: v.array(v.string())
    })
  )
}

export const ingestEndpoints = {
  /** What `import.start` would do with these paths. Nothing is written. */
  'import.preview': ofProject(v.object({ paths, pages: v.optional(v.boolean()) }), importPreview),
  'import.start': ofProject(
    v.object({
      paths,
      labels: v.nullable(labelColumns),
      recognise: v.boolean(),
      /** Every image is a page to be laid on the project's templates; PDFs and multi-page TIFFs always are pages. */
      pages: v.optional(v.boolean())
    }),
    v.object({ runId: v.number() })
  ),
  'import.report': ofProject(nothing, v.nullable(importReport)),
  'import.problems': ofProject(
    nothing,
    v.object({ failed: v.array(problem), total: v.number(), notes: v.array(problem) })
  ),
  'import.retry': ofProject(v.object({ sourceIds: v.nullable(ids) }), v.object({ runId: v.number() })),
  'relink.preview': ofProject(
    v.object({ from: path, to: path }),
    v.object({ same: v.number(), different: v.number(), missing: v.number(), examples: v.array(problem) })
  ),
  'relink.apply': ofProject(v.object({ from: path, to: path }), v.object({ relinked: v.number(), left: v.number() }))
}
