/**
 * The formats that a project is exported in, each said once: the command line, the contract and the app's view take their lists from
 * here. What writes one is its line in `src/core/export/formats.ts`; its words in the app are `format.KEY` and `format.KEYWhat` of
 * export.json.
 */

/** What only some formats can be asked for; see `exportOptions`. */
export type ExportOption = 'crops' | 'split' | 'filter' | 'unreadable' | 'details' | 'spreadsheetSafe'

export const fileEndings = ['csv', 'xlsx'] as const
export type FileEnding = (typeof fileEndings)[number]

export interface ExportTraits {
  /** In the help of the command line. */
  words: string
  /** What is counted: a row for each field, a row for each page, or a file for each page. */
  unit: 'field' | 'record' | 'page'
  /** Of the file that it is written as, the usual one first; none: a folder. */
  endings: readonly FileEnding[]
  /** The file's name where only a folder is given. */
  name: string
  takes: readonly ExportOption[]
  /** Which rows a person is offered, the usual ones first. */
  rows: readonly ('decided' | 'all' | 'filter')[]
  /** Why a field is left out: it has no label, or it is blank or illegible where that is asked for. */
  leavesOut: readonly ('unlabelled' | 'unreadable')[]
  /** Its rows name images that a reader can learn from. */
  trains: boolean
}

const ofFields = {
  unit: 'field',
  endings: ['csv'],
  rows: ['decided', 'all', 'filter']
} as const satisfies Partial<ExportTraits>

const ofPages = {
  unit: 'page',
  endings: [],
  name: '',
  takes: [],
  rows: ['all', 'decided'],
  leavesOut: [],
  trains: false
} as const satisfies Partial<ExportTraits>

const formats = {
  records: {
    words: 'a row for each page',
    unit: 'record',
    endings: ['xlsx', 'csv'],
    name: 'records',
    takes: ['unreadable', 'details', 'spreadsheetSafe'],
    rows: ['all', 'decided'],
    leavesOut: ['unlabelled'],
    trains: false
  },
  training: {
    ...ofFields,
    words: 'FILENAME,IDENTITY',
    name: 'labels',
    takes: ['crops', 'split', 'filter', 'unreadable', 'spreadsheetSafe'],
    leavesOut: ['unlabelled', 'unreadable'],
    trains: true
  },
  full: {
    ...ofFields,
    words: 'all that is known of each field',
    name: 'fields',
    takes: ['crops', 'split', 'filter', 'spreadsheetSafe'],
    leavesOut: [],
    trains: false
  },
  decisions: {
    ...ofFields,
    words: 'what people decided, as decide --from takes it',
    name: 'decisions',
    takes: [],
    rows: ['decided'],
    leavesOut: ['unlabelled'],
    trains: false
  },
  page: { ...ofPages, words: 'PAGE XML' },
  alto: { ...ofPages, words: 'ALTO XML' }
} as const satisfies Record<string, ExportTraits>

export type ExportFormat = keyof typeof formats
export const exportFormats = Object.keys(formats) as ExportFormat[]

export const traitsOf = (format: ExportFormat): ExportTraits => formats[format]

export const takes = (format: ExportFormat, option: ExportOption): boolean => traitsOf(format).takes.includes(option)

/** The ending of a path that names a file of an export; undefined: a folder. */
export const endingOfPath = (path: string): FileEnding | undefined =>
  fileEndings.find((ending) => path.toLowerCase().endsWith(`.${ending}`))
