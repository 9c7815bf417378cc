import { InvalidArgumentError, Option, type Command } from 'commander'
import { resolve } from 'node:path'
import { writeExport, writePageExport, type OnScans } from '../../core/export'
import { storedPage } from '../../core/forms/images'
import { NominaError } from '../../shared/failure'
import { recutField } from '../../core/forms/pipeline'
import { markOf, recordExport } from '../../core/quality'
import type { ExportOptions } from '../../shared/domain'
import type { Act } from '../act'
import { withCore, type Session } from '../session'
import { counted, printable } from '../terminal'

interface Options {
  out: string
  format: 'training' | 'full' | 'page' | 'alto'
  rows: 'decided' | 'all'
  crops?: true
  force?: true
  split?: NonNullable<ExportOptions['split']>
  unreadable: 'mark' | 'omit'
  spreadsheetSafe?: true
  includeStale?: true
}

export function addExport(program: Command, act: Act): void {
  program
    .command('export')
    .summary('write the labels as CSV, or pages as PAGE XML or ALTO')
    .description(
      'Writes the labels as CSV, or pages as PAGE XML or ALTO, one file a page in a folder. A PATH that ends in .csv is a file, anything else a folder. Nothing that exists is overwritten without --force.'
    )
    .argument('<project>', 'folder of the project')
    .requiredOption('--out <path>', 'the CSV file, or a folder for it', notEmpty)
    .addOption(
      new Option(
        '--format <name>',
        'training: FILENAME,IDENTITY; full: all that is known of each field; page, alto: XML'
      )
        .choices(['training', 'full', 'page', 'alto'])
        .default('training')
    )
    .addOption(
      new Option('--rows <which>', 'decided: what a person has decided; all: every field with a label')
        .choices(['decided', 'all'])
        .default('decided')
    )
    .option('--crops', 'copy the images beside the CSV')
    .option('--include-stale', 'also fields whose scan has changed or is gone since, or whose decision is doubtful')
    .option('--force', 'overwrite files that exist')
    .option('--split <shares>', 'train/validation/test in per cent, such as 80/10/10', parseSplit)
    .addOption(
      new Option(
        '--unreadable <how>',
        'blank and illegible fields of a training CSV: mark as EMPTY and UNREADABLE, or omit'
      )
        .choices(['mark', 'omit'])
        .default('mark')
    )
    .option('--spreadsheet-safe', 'write cells that a spreadsheet would run as text')
    .action(act(exportCommand))
}

async function exportCommand(session: Session, project: string, options: Options) {
  const { format } = options
  return format === 'page' || format === 'alto'
    ? exportPages(session, project, { ...options, format })
    : exportRows(session, project, { ...options, format })
}

async function exportPages(session: Session, project: string, options: Options & { format: 'page' | 'alto' }) {
  const { format, rows, force } = options
  const value = await withCore(session, {}, async (core) => {
    const { db } = await core.open(resolve(project))
    const stale = options.includeStale === true
    const wanted = { out: resolve(options.out), format, rows, overwrite: force === true, stale }
    return writePageExport(db, wanted, {
      signal: session.signal,
      picture: (pageId) => storedPage(db, pageId),
      onProgress: (done, total) =>
        session.progress.update({ what: 'Exporting', done, total, failed: 0, rate: null, timeLeft: null })
    }).catch((error: unknown) => {
      throw withAdvice(error, options)
    })
  })
  for (const note of value.notes) session.tell(note)
  if (value.stale > 0)
    session.tell(
      `${counted(value.stale, 'page')} left out: the scan has changed or is gone. Take them with --include-stale.`
    )
  if (value.left > 0) session.tell(`${counted(value.left, 'page')} without a template: not written.`)
  return { value, text: [`${counted(value.pages, 'page')} written`, ...value.files.map(printable)].join('\n') }
}

async function exportRows(session: Session, project: string, options: Options & { format: 'training' | 'full' }) {
  let scans: OnScans = { stale: [], notes: [] }
  const { files, rows, crops } = await withCore(session, {}, async (core) => {
    const { db, pages } = await core.open(resolve(project))
    const mark = markOf(db)
    const written = await writeExport(db, toExportOptions(options), {
      signal: session.signal,
      onProgress: (done, total) =>
        session.progress.update({ what: 'Exporting', done, total, failed: 0, rate: null, timeLeft: null }),
      recut: (fieldId) => recutField(db, pages, fieldId),
      onScans: (found) => (scans = found)
    }).catch((error: unknown) => {
      throw withAdvice(error, options)
    })
    recordExport(db, mark, toExportOptions(options), written.rows)
    return written
  })
  for (const note of scans.notes) session.tell(note)
  for (const { reason, count } of scans.stale)
    session.tell(`${counted(count, 'field')} left out: ${reason}. Take them with --include-stale.`)
  if (rows === 0 && !scans.stale.length) session.tell(nothingWritten(options))
  const text = [`${counted(rows, 'row')} written${crops > 0 ? `, ${counted(crops, 'image')} copied` : ''}`]
  return { value: { files, rows, crops, ...scans }, text: [...text, ...files.map(printable)].join('\n') }
}

/** A table of a header alone is rarely what was meant. */
const nothingWritten = ({ rows }: Options): string =>
  rows === 'decided'
    ? 'No field is decided yet, so no row was written. Readings and imported labels come with --rows all.'
    : 'No field has a label or a reading yet, so no row was written.'

/** The core knows no options of the command line: here is said which one helps. */
const withAdvice = (error: unknown, { force }: Options): unknown =>
  error instanceof NominaError && error.code === 'exists' && !force
    ? new NominaError('exists', `${error.message} Nomina's own files are overwritten with --force.`, { cause: error })
    : error

function notEmpty(path: string): string {
  if (path === '') throw new InvalidArgumentError('It is empty.')
  return path
}

const toExportOptions = (options: Options & { format: 'training' | 'full' }): ExportOptions => ({
  out: resolve(options.out),
  format: options.format,
  rows: options.rows,
  unreadable: options.unreadable,
  crops: options.crops === true,
  stale: options.includeStale === true,
  split: options.split ?? null,
  spreadsheetSafe: options.spreadsheetSafe === true,
  overwrite: options.force === true
})

/** `80/10/10`: three whole per cents that add up to 100. */
export function parseSplit(text: string): NonNullable<ExportOptions['split']> {
  const match = /^(\d{1,3})[/,:](\d{1,3})[/,:](\d{1,3})$/.exec(text)
  const [train, validation, test] = (match ?? []).slice(1).map(Number)
  if (train === undefined || validation === undefined || test === undefined)
    throw new InvalidArgumentError('Give three per cents, such as 80/10/10.')
  if (train + validation + test !== 100) throw new InvalidArgumentError('The three per cents must add up to 100.')
  return { train, validation, test }
}
