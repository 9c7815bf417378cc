/** Lexicons and rosters: endpoints of this area. */
import * as v from 'valibot'
import { list, text } from '../bounds'
import { suggestionSource } from '../domain'
import { id, nothing, ofProject, path } from './parts'

export const lexiconKind = v.picklist(['first-name', 'surname', 'roster'])
export type LexiconKind = v.InferOutput<typeof lexiconKind>

const delimiter = v.picklist([',', ';', '\t'])
const name = v.pipe(text(200), v.trim(), v.minLength(1))
/** A form's field; empty: fields that are whole images. */
const fieldName = text(200)
const columnName = text(2000)
const fieldNames = v.nullable(v.pipe(list(fieldName, 64), v.minLength(1)))

export const lexiconInfo = v.object({
  id: v.number(),
  name: v.string(),
  kind: lexiconKind,
  /** The file it was imported from. */
  file: v.string(),
  /** Fields it is for; null: all. Of a roster the fields of its columns, in order. */
  fields: v.nullable(v.array(v.string())),
  /** Whether reading uses it. */
  enabled: v.boolean(),
  /** Rows of the file that were taken. */
  rows: v.number(),
  /** Different texts (of a roster, of all its columns). */
  entries: v.number(),
  importedAt: v.string()
})
export type LexiconInfo = v.InferOutput<typeof lexiconInfo>

export const completion = v.object({
  text: v.string(),
  source: suggestionSource,
  /** The list it is from; null for `reading` and `project`. */
  lexicon: v.nullable(v.string()),
  /** How often the list or the project has it. */
  count: v.number(),
  /** Natural logarithm of the image's evidence for the whole text (CTC); null where the reading has no lattice. */
  evidence: v.nullable(v.number())
})
export type Completion = v.InferOutput<typeof completion>

export const lexiconEndpoints = {
  'lexicon.list': ofProject(nothing, v.object({ lexicons: v.array(lexiconInfo) })),
  /** Looks at a file before it is imported. */
  'lexicon.inspect': ofProject(
    v.object({
      path,
      encoding: v.optional(text(40)),
      delimiter: v.optional(delimiter),
      /** Whether the first row names the columns; absent: found by looking. */
      header: v.optional(v.boolean())
    }),
    v.object({
      encoding: v.string(),
      /** Why the encoding is not certain, in a sentence; null where it is, or was given. */
      doubt: v.nullable(v.string()),
      delimiter,
      /** Names of the columns; made up (`Column 1`) where there is no header. */
      columns: v.array(v.string()),
      hasHeader: v.boolean(),
      rows: v.number(),
      /** The first rows, cells cut at 200 characters. */
      sample: v.array(v.array(v.string())),
      problems: v.array(v.string()),
      /** What the columns look like; null where nothing does. */
      suggested: v.object({
        kind: lexiconKind,
        textColumn: v.nullable(v.string()),
        countColumn: v.nullable(v.string())
      }),
      /** Names of the project's fields, to bind a roster's columns to; `['']` where files are single fields. */
      fields: v.array(v.string())
    })
  ),
  /** Fails as a whole or not at all. Nothing is reread: see `lexicon.apply`. */
  'lexicon.import': ofProject(
    v.object({
      path,
      encoding: v.optional(text(40)),
      delimiter: v.optional(delimiter),
      header: v.optional(v.boolean()),
      name,
      columns: v.variant('kind', [
        v.object({
          kind: v.picklist(['first-name', 'surname']),
          text: columnName,
          /** How often the name occurs; null: each row counts once. */
          count: v.nullable(columnName),
          /** Fields it is for; null: all. */
          fields: fieldNames
        }),
        v.object({
          kind: v.literal('roster'),
          /** Which columns hold the text of which field. */
          bindings: v.pipe(list(v.object({ column: columnName, field: fieldName }), 64), v.minLength(1))
        })
      ])
    }),
    v.object({
      lexicon: lexiconInfo,
      /** Rows that are like an earlier one: counted there. */
      duplicates: v.number(),
      /** Rows without any text. */
      empty: v.number(),
      problems: v.array(v.string())
    })
  ),
  /** Switches a list on or off, or gives it other fields. See `lexicon.apply`. */
  'lexicon.change': ofProject(
    v.object({ id, name: v.optional(name), enabled: v.optional(v.boolean()), fields: v.optional(fieldNames) }),
    v.object({ lexicon: lexiconInfo })
  ),
  'lexicon.remove': ofProject(v.object({ id }), nothing),
  /** Rescores every reading of the current model by the lists that are switched on; without any, readings are the model's own again. */
  'lexicon.apply': ofProject(
    nothing,
    v.object({
      /** Readings looked at. */
      readings: v.number(),
      /** Those whose text is another now. */
      changed: v.number(),
      /** Those that cannot be rescored, having no lattice. */
      without: v.number()
    })
  ),
  /** What a text that begins so may become, best first: from lists, this project's decisions and the image. */
  'lexicon.complete': ofProject(
    v.object({
      /** The field that is typed into. */
      id,
      prefix: text(200),
      limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 8)
    }),
    v.object({ completions: v.array(completion) })
  )
} as const
