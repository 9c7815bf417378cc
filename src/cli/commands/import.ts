import type { Command } from 'commander'
import { resolve } from 'node:path'
import { NominaError } from '../../shared/failure'
import { inspectLabels, scanPaths } from '../../core/ingest'
import type { PagesResult } from '../../core/forms/pipeline'
import { importTemplate } from '../../core/forms/templates'
import { storeBrought, type Brought } from '../../core/recognise/brought'
import { startImport, type ImportInput } from '../../core/ingest/job'
import type { Project } from '../../core/project'
import type { ImportReport, LabelColumns, LeftOut } from '../../shared/domain'
import { describePages, pagesOutcome, tellPages, type PagesOutcome } from '../pages'
import { collect, type Act } from '../act'
import { followRun, refuseOccupied } from '../project'
import { withCore, type Session } from '../session'
import { callOffOrGoOn, dryRun } from './import-preview'
import { counted, printable, whole } from '../terminal'
import { parseDelimiter, tellReading, type Delimiter } from '../table'
import { describeRead, readResult, type ReadResult } from './recognise'

interface Options {
  labels?: string
  labelsFilenameColumn?: string
  labelsTextColumn?: string
  labelsEncoding?: string
  labelsDelimiter?: Delimiter
  recognise?: true
  template?: string[]
  dryRun?: true
  yes?: true
  readings?: string
}

const NAMED_AT_MOST = 10

export function addImport(program: Command, act: Act): void {
  program
    .command('import')
    .summary('take images and PDFs into a project')
    .description(
      'Takes the images and PDFs in folders and files into a project. PROJECT is made where it is missing or an empty folder. ' +
        'The images stay where they are; importing again adds what is new and keeps every decision. Pages of PDFs and of ' +
        'multi-page TIFFs are laid on the project’s templates; without a template they wait for one.'
    )
    .argument('<project>', 'folder of the project')
    .argument('[path...]', 'folders (with everything below them), images and PDFs')
    .option('--labels <csv>', 'a table with a label for each file name')
    .option('--labels-filename-column <name>', 'its column of file names (default: found by looking)')
    .option('--labels-text-column <name>', 'its column of labels (default: found by looking)')
    .option('--labels-encoding <name>', 'its encoding, such as utf-8 or windows-1252 (default: found by looking)')
    .option(
      '--labels-delimiter <sign>',
      'what stands between its columns: comma, semicolon or tab (default: found by looking)',
      parseDelimiter
    )
    .option(
      '--template <json>',
      'a kind of form: every image is then a page, laid on it and cut into its fields (repeatable)',
      collect
    )
    .option('--recognise', 'read the images as they come in')
    .option(
      '--readings <folder>',
      'a folder of crops with their readings beside them, from nomina-cluster fetch; it is a path by itself'
    )
    .option('--dry-run', 'only say what it would do to files, pages and decisions')
    .option('--yes', 'go on without asking where decisions would be open again or scans are gone')
    .hook('preAction', (command) => {
      const isNothing = command.args.length < 2 && command.opts<Options>().readings === undefined
      if (isNothing) command.error("error: missing required argument 'path', or --readings")
    })
    .action(act(importCommand))
}

async function importCommand(session: Session, project: string, given: string[], options: Options) {
  const brought = options.readings === undefined ? null : resolve(options.readings)
  const paths = [...(brought ? [brought] : []), ...given.map((path) => resolve(path))]
  refuseOccupied(project) // before a long scan
  const labelFiles = await refuseNothing(paths, session.signal)
  const labels = options.labels ? await chooseLabels(session, resolve(options.labels), paths, options) : null
  if (!labels && labelFiles.length > 0)
    session.tell(`Not used: ${labelFiles.join(', ')}. Give it with --labels to attach its labels.`)
  if (options.dryRun) return dryRun(session, resolve(project), { paths, pages: options.template !== undefined })
  const { report, read, pages, readings } = await withCore(session, {}, async (core) => {
    const opened = await core.open(resolve(project), { create: true })
    await callOffOrGoOn(session, opened, { paths, pages: options.template !== undefined }, options.yes === true)
    for (const template of options.template ?? []) await importTemplate(opened.db, opened.pages, resolve(template))
    const imported = await runImport(session, opened, {
      paths,
      labels,
      recognise: options.recognise === true,
      pages: options.template !== undefined
    })
    return { ...imported, readings: brought && (await storeBrought(opened, brought, session.signal)) }
  })
  tellProblems(session, report)
  tellPages(session, pages)
  const value = {
    project: resolve(project),
    ...report,
    ...(pages ? { registered: pages } : {}),
    ...(read ? { recognised: read } : {}),
    ...(readings ? { readings } : {})
  }
  const text = [
    describeImport(report),
    pages && describePages(pages),
    read && describeRead(read),
    readings && describeBrought(readings)
  ]
  return { value, text: text.filter(Boolean).join('\n') }
}

async function runImport(
  session: Session,
  project: Project,
  input: ImportInput
): Promise<{ report: ImportReport; read: ReadResult | null; pages: PagesOutcome | null }> {
  const words = { import: 'Importing', pages: 'Finding fields', recognise: 'reading' }
  const run = startImport(project, input)
  const reading = input.recognise ? project.jobs.all.filter((other) => other.kind === 'recognise') : []
  const results = await followRun(session, project, [run, ...reading], words)
  // Started by the import, as soon as there were pages.
  const paging = project.jobs.all.filter((other) => other.kind === 'pages')
  const [registered] = await followRun(session, project, paging, words)
  return {
    report: results[0] as ImportReport,
    read: input.recognise ? await readResult(project, results[1]) : null,
    pages: registered ? pagesOutcome(project.db, registered as PagesResult) : null
  }
}

/**
 * @returns labels files that lie among the images
 * @throws NominaError('not-found') where a path is missing or there is no image anywhere in them
 */
async function refuseNothing(paths: string[], signal: AbortSignal): Promise<string[]> {
  const { files, unsupported, labelFiles, leftOut } = await scanPaths(paths, { signal })
  if (files.length > 0) return labelFiles
  const others = unsupported
    .slice(0, NAMED_AT_MOST)
    .map(({ file, reason }) => ` ${file}: ${reason}`)
    .join('')
  const more = unsupported.length > NAMED_AT_MOST ? ` And ${whole(unsupported.length - NAMED_AT_MOST)} more.` : ''
  const out = leftOut.map((entry) => ` ${describeLeftOut(entry)}.`).join('')
  throw new NominaError('not-found', `No images in ${paths.join(', ')}.${others}${more}${out}`)
}

/** @throws NominaError('invalid-input') where a guess is not certain, with the option that settles it */
async function chooseLabels(session: Session, path: string, paths: string[], options: Options): Promise<LabelColumns> {
  const { chosen, columns, doubts, sample, rows, matched, ambiguous, problems } = await inspectLabels({
    path,
    paths,
    encoding: options.labelsEncoding,
    delimiter: options.labelsDelimiter,
    filenameColumn: options.labelsFilenameColumn,
    textColumn: options.labelsTextColumn
  })
  if (doubts.encoding)
    throw new NominaError('invalid-input', `${path}: ${doubts.encoding} Give it with --labels-encoding.`)
  const column = (name: string | undefined, automatic: string): string => {
    if (name === undefined) return automatic
    if (columns.includes(name)) return name
    throw new NominaError('not-found', `${path} has no column ${name}. Its columns: ${columns.join(', ')}.`)
  }
  const textColumn = column(options.labelsTextColumn, chosen.textColumn)
  if (doubts.column) throw new NominaError('invalid-input', `${path}: ${doubts.column} Use --labels-text-column.`)
  const filenameColumn = column(options.labelsFilenameColumn, chosen.filenameColumn)
  if (rows > 0 && matched + ambiguous + problems.length === 0)
    throw new NominaError(
      'invalid-input',
      `${path}: none of its ${counted(rows, 'row')} names a file that is imported here. The names were looked for in its column ` +
        `${filenameColumn} (${(sample[0]?.[columns.indexOf(filenameColumn)] ?? '').slice(0, 60)}). Give another with --labels-filename-column.`
    )
  const labels = { ...chosen, filenameColumn, textColumn }
  tellReading(session, labels, columns, sample)
  return labels
}

const LEFT_OUT_AT_MOST = 3

const describeLeftOut = ({ what, images, places, examples }: LeftOut): string => {
  const more = places > LEFT_OUT_AT_MOST ? ` and ${whole(places - LEFT_OUT_AT_MOST)} more` : ''
  return `Left out: ${counted(images, 'image')} (${what}): ${examples.slice(0, LEFT_OUT_AT_MOST).join(', ')}${more}`
}

function tellProblems(session: Session, { failed, unsupported, leftOut, labels }: ImportReport): void {
  for (const entry of leftOut) session.tell(describeLeftOut(entry))
  for (const { file, reason } of failed) session.tell(`Can't be used: ${file}: ${reason}`)
  for (const { file, reason } of unsupported) session.tell(`Not supported: ${file}: ${reason}`)
  for (const problem of labels.problems) session.tell(`Labels: ${problem}`)
  tellSome(session, 'Label without a file', labels.rowsWithoutFile)
  tellSome(session, 'EMPTY, since its cell is empty', labels.emptyCells)
  if (labels.file) tellSome(session, 'File without a label', labels.filesWithoutRow)
  tellSome(session, 'Its row was taken out of the table, so its label is gone', labels.withdrawn)
  tellSome(session, 'Without a row in this table, it keeps the label of another', labels.kept)
}

function tellSome(session: Session, what: string, names: string[]): void {
  for (const name of names.slice(0, NAMED_AT_MOST)) session.tell(`${what}: ${name}`)
  if (names.length > NAMED_AT_MOST)
    session.tell(`${what}: and ${whole(names.length - NAMED_AT_MOST)} more (all with --json)`)
}

const describeBrought = ({ stored, without }: Brought): string =>
  `${counted(stored, 'reading')} brought along${without > 0 ? `, ${whole(without)} without their crop` : ''}`

export function describeImport(report: ImportReport): string {
  const { files, added, unchanged, changed, moved, reopened, missing, identical, pages } = report
  const { failed, unsupported, leftOut, labels } = report
  const lines = [
    `${counted(files, pages > 0 ? 'file' : 'image')}: ${whole(added)} new, ${whole(unchanged)} unchanged, ${whole(changed)} changed${moved > 0 ? `, ${whole(moved)} moved` : ''}`
  ]
  if (reopened > 0) lines.push(`${counted(reopened, 'decided field')} open again: what the scan shows has changed`)
  if (pages > 0) lines.push(`${counted(pages, 'page')} in them`)
  if (identical > 0) lines.push(`${whole(identical)} with the same bytes as another`)
  if (missing > 0) lines.push(`${whole(missing)} imported before and gone from the folder`)
  if (failed.length > 0) lines.push(`${whole(failed.length)} can't be used (kept, with the reason)`)
  if (unsupported.length > 0) lines.push(`${counted(unsupported.length, 'file')} of a kind that is not supported`)
  const left = leftOut.reduce((sum, { images }) => sum + images, 0)
  if (left > 0) lines.push(`${counted(left, 'image')} left out, which other programs or Nomina made beside the scans`)
  if (labels.file) {
    lines.push(`${counted(labels.rows, 'label')} in ${printable(labels.file)}: ${whole(labels.matched)} attached`)
    if (labels.duplicates > 0) lines.push(`${whole(labels.duplicates)} labels name a file that has one already`)
    if (labels.rowsWithoutFile.length > 0) lines.push(`${whole(labels.rowsWithoutFile.length)} labels have no file`)
    if (labels.blank > 0) lines.push(`${counted(labels.blank, 'label')} EMPTY`)
    if (labels.withdrawn.length > 0) lines.push(`${counted(labels.withdrawn.length, 'label')} taken back`)
    if (labels.filesWithoutRow.length > 0) lines.push(`${whole(labels.filesWithoutRow.length)} files have no label`)
  }
  return lines.join('\n')
}
