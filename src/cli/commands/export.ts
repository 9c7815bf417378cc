import { InvalidArgumentError, Option, type Command } from 'commander'
import { resolve } from 'node:path'
import { hasRecords, writeExport, type OnScans } from '../../core/export'
import { storedPage } from '../../core/forms/images'
import { NominaError } from '../../shared/failure'
import { recutField } from '../../core/forms/pipeline'
import { markOf, recordExport } from '../../core/store/exports'
import type { ExportOptions } from '../../shared/domain'
import { exportFormats, fileEndings, traitsOf, type ExportFormat } from '../../shared/export-formats'
import type { Act } from '../act'
import type { Project } from '../../core'
import { withCore, type Session } from '../session'
import { counted, printable } from '../terminal'

interface Given {
  out: string
  format?: ExportFormat
  rows?: 'decided' | 'all'
  with?: NonNullable<ExportOptions['details']>
  crops?: true
  force?: true
  split?: NonNullable<ExportOptions['split']>
  unreadable: 'mark' | 'omit'
  spreadsheetSafe?: true
  includeStale?: true
}

/** With what the project makes of what was not said. */
type Options = Given & { format: ExportFormat; rows: 'decided' | 'all' }

export function addExport(program: Command, act: Act): void {
  program
    .command('export')
    .summary('write the labels as CSV, records as CSV or XLSX, or pages as PAGE XML or ALTO')
    .description(
      'Writes the labels as CSV, records (a row for each page, a column for each field) as CSV or XLSX, or pages as PAGE XML or ALTO, one file a page in a folder. A PATH that ends in ' +
        `${fileEndings.map((ending) => `.${ending}`).join(' or ')} is a file, anything else a folder. Nothing that exists is overwritten without --force.`
    )
    .argument('<project>', 'folder of the project')
    .requiredOption(
      '--out <path>',
      `the file (${fileEndings.map((ending) => `.${ending}`).join(', ')}), or a folder for it`,
      notEmpty
    )
    .addOption(
      new Option(
        '--format <name>',
        `${exportFormats.map((format) => `${format}: ${traitsOf(format).words}`).join('; ')} (default: records where whole pages were imported, else training)`
      ).choices(exportFormats)
    )
    .addOption(
      new Option(
        '--rows <which>',
        'decided: what a person has decided; all: every field with a label (default: all for records, else decided)'
      ).choices(['decided', 'all'])
    )
    .option(
      '--with <columns>',
      'records: also state, confidence or both (state,confidence) of each field',
      parseDetails
    )
    .option('--crops', 'copy the images beside the CSV')
    .option('--include-stale', 'also fields whose scan has changed or is gone since, or whose decision is doubtful')
    .option('--force', 'overwrite files that exist')
    .option('--split <shares>', 'train/validation/test in per cent, such as 80/10/10', parseSplit)
    .addOption(
      new Option(
        '--unreadable <how>',
        'blank and illegible fields of a training CSV or of records: mark as EMPTY and UNREADABLE, or omit'
      )
        .choices(['mark', 'omit'])
        .default('mark')
    )
    .option('--spreadsheet-safe', 'write cells that a spreadsheet would run as text')
    .action(act(exportCommand))
}

const exportCommand = (session: Session, path: string, given: Given) =>
  withCore(session, {}, async (core) => {
    const project = await core.open(resolve(path))
    // Crops and a split are of single fields.
    const ofFields = given.crops || given.split || !hasRecords(project.db)
    const format = given.format ?? (ofFields ? 'training' : 'records')
    const rows = given.rows ?? (traitsOf(format).unit === 'record' ? 'all' : 'decided')
    return exportProject(session, project, { ...given, rows, format })
  })

async function exportProject(session: Session, { db, pages }: Project, options: Options) {
  let scans: OnScans = { stale: [], notes: [] }
  const mark = markOf(db)
  const wanted = toExportOptions(options)
  const { files, rows, crops } = await writeExport(db, wanted, {
    ...controlOf(session),
    recut: (fieldId) => recutField(db, pages, fieldId),
    picture: (pageId) => storedPage(db, pageId),
    onScans: (found) => (scans = found)
  }).catch((error: unknown) => {
    throw withAdvice(error, options)
  })
  recordExport(db, mark, wanted, rows)
  const isOfPages = traitsOf(options.format).unit === 'page'
  const [row, left] = isOfPages ? ['page', 'page'] : ['row', 'field']
  for (const note of scans.notes) session.tell(note)
  for (const { reason, count } of scans.stale)
    session.tell(`${counted(count, left)} left out: ${reason}. Take them with --include-stale.`)
  if (scans.left) session.tell(`${counted(scans.left, 'page')} without a template: not written.`)
  if (rows === 0 && !scans.stale.length && !scans.left) session.tell(isOfPages ? noPage : nothingWritten(options))
  const text = [`${counted(rows, row)} written${crops > 0 ? `, ${counted(crops, 'image')} copied` : ''}`]
  const stale = scans.stale.reduce((sum, { count }) => sum + count, 0)
  const value = isOfPages ? { files, pages: rows, ...scans, stale } : { files, rows, crops, ...scans }
  return { value, text: [...text, ...files.map(printable)].join('\n') }
}

const controlOf = (session: Session) => ({
  signal: session.signal,
  onProgress: (done: number, total: number | null) =>
    session.progress.update({ what: 'Exporting', done, total, failed: 0, rate: null, timeLeft: null })
})

/** A table of a header alone is rarely what was meant. */
const nothingWritten = ({ rows }: Options): string =>
  rows === 'decided'
    ? 'No field is decided yet, so no row was written. Readings and imported labels come with --rows all.'
    : 'No field has a label or a reading yet, so no row was written.'

const noPage =
  'There is no page of a form in this project, so no file was written. Single fields are written by --format training or full.'

/** The core knows no options of the command line: here is said which one helps. */
const withAdvice = (error: unknown, { force }: Options): unknown =>
  error instanceof NominaError && error.code === 'exists' && !force
    ? new NominaError('exists', `${error.message} Nomina's own files are overwritten with --force.`, { cause: error })
    : error

function notEmpty(path: string): string {
  if (path === '') throw new InvalidArgumentError('It is empty.')
  return path
}

const toExportOptions = (options: Options): ExportOptions => ({
  out: resolve(options.out),
  format: options.format,
  rows: options.rows,
  unreadable: options.unreadable,
  ...(options.with ? { details: options.with } : {}),
  crops: options.crops === true,
  stale: options.includeStale === true,
  split: options.split ?? null,
  spreadsheetSafe: options.spreadsheetSafe === true,
  overwrite: options.force === true
})

/** `state,confidence`, or one of them. */
function parseDetails(text: string): NonNullable<ExportOptions['details']> {
  const known = ['state', 'confidence'] as const
  const wanted = text.split(',').map((name) => name.trim())
  const unknown = wanted.find((name) => !known.some((one) => one === name))
  if (unknown !== undefined) throw new InvalidArgumentError(`“${unknown}” is neither state nor confidence.`)
  return known.filter((name) => wanted.includes(name))
}

/** `80/10/10`: three whole per cents that add up to 100. */
export function parseSplit(text: string): NonNullable<ExportOptions['split']> {
  const match = /^(\d{1,3})[/,:](\d{1,3})[/,:](\d{1,3})$/.exec(text)
  const [train, validation, test] = (match ?? []).slice(1).map(Number)
  if (train === undefined || validation === undefined || test === undefined)
    throw new InvalidArgumentError('Give three per cents, such as 80/10/10.')
  if (train + validation + test !== 100) throw new InvalidArgumentError('The three per cents must add up to 100.')
  return { train, validation, test }
}
