import { InvalidArgumentError, type Command } from 'commander'
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { NominaError, say } from '../../shared/failure'
import { tidyText } from '../../shared/text'
import { characterEdits, measure, type Metrics } from '../evaluate/metrics'
import { readLabelledFields, type Condition, type LabelledField } from '../evaluate/rows'
import { refuseLabels, writeReadings, type Evaluated } from '../evaluate/write'
import type { Act } from '../act'
import { readImages, type ImagesRead } from '../read-images'
import type { Session } from '../session'
import { parseDelimiter, tellReading, type Delimiter } from '../table'
import { counted, percent, printable, table, whole } from '../terminal'

export interface EvaluateOptions {
  images: string
  labels: string
  encoding?: string
  delimiter?: Delimiter
  textColumn?: string
  filenameColumn?: string
  where?: Condition[]
  model?: string
  provider?: string
}

export interface Evaluation extends Metrics {
  /** Rows whose label is empty, EMPTY or UNREADABLE. */
  skipped: number
  /** Fields that could not be read, those without a file among them: they count as empty text. */
  failed: number
  missing: number
  model: string
  modelHash: string
  provider: string
  fieldsPerSecond: number | null
  textColumn: string
  filenameColumn: string
  failures: { file: string; error: string }[]
  /** Rows of the labels file that could not be used. */
  problems: string[]
}

export function addEvaluate(program: Command, act: Act): void {
  const evaluate = program
    .command('evaluate')
    .summary('measure a model on images with known labels')
    .description(`Reads images and measures the readings against labels. ${howMeasured}`)
    .option('--model <id>', 'the model to measure')
    .option(
      '--out <file.csv>',
      'also write (or replace) a file with a row for each field: file,label,reading,confidence,edits,exact,error'
    )
  withLabels(evaluate).action(act(evaluateCommand))
}

export const howMeasured =
  'Rates are fractions of 1: cer is edits ÷ characters over code ' +
  'points of NFC text with single spaces and none at its ends, wer the same over words. A row whose label is empty, EMPTY or UNREADABLE is skipped and counted; ' +
  'a field that cannot be read, or whose file is missing, counts as empty text. Only rows of the labels file are measured.'

/** The options that name labelled images. */
export const withLabels = (command: Command): Command =>
  command
    .requiredOption('--images <dir>', 'the folder that the file names are relative to')
    .requiredOption('--labels <csv>', 'a table with a label for each file name')
    .option('--text-column <name>', 'its column of labels (default: found by looking)')
    .option('--filename-column <name>', 'its column of file names (default: found by looking)')
    .option(
      '--encoding <name>',
      'the encoding of the labels, such as utf-8 or windows-1252 (default: found by looking)'
    )
    .option(
      '--delimiter <sign>',
      'what stands between its columns: comma, semicolon or tab (default: found by looking)',
      parseDelimiter
    )
    .option('--where <column=value>', 'measure only rows with this value in this column (repeatable)', addCondition)
    .option('--provider <name>', 'insist on an execution provider, such as cpu (default: the fastest that works)')

async function evaluateCommand(session: Session, options: EvaluateOptions & { out?: string }) {
  const out = options.out === undefined ? null : resolve(options.out)
  if (out !== null) refuseLabels(out, resolve(options.labels))
  const { value, fields } = await evaluateModel(session, options)
  if (out !== null) await writeReadings(out, fields)
  return { value, text: describeEvaluation(value) + (out === null ? '' : `\n${printable(out)}`) }
}

/** @throws NominaError `not-found` no such folder or model; `refused` the table can't be used */
export async function evaluateModel(
  session: Session,
  options: EvaluateOptions
): Promise<{ value: Evaluation; fields: Evaluated[] }> {
  const images = resolve(options.images)
  if (!existsSync(images) || !statSync(images).isDirectory())
    throw new NominaError('not-found', say('noFolder', { path: images }))
  const labels = await readLabelledFields({
    ...options,
    where: options.where ?? [],
    images,
    labels: resolve(options.labels)
  })
  tellReading(session, labels.table, labels.columns, labels.sample)
  for (const problem of labels.problems) session.tell(`Labels: ${problem}`)
  const paths = labels.fields.flatMap(({ path }) => path ?? [])
  const read = await readImages(session, paths, options)
  const fields = evaluate(labels.fields, read)
  const failures = fields.flatMap(({ file, error }) => (error === null ? [] : [{ file, error }]))
  for (const { file, error } of failures) session.tell(`Not read: ${file}: ${error}`)
  const readCount = read.results.length
  const value: Evaluation = {
    ...measure(fields),
    skipped: labels.skipped,
    failed: failures.length,
    missing: labels.fields.length - readCount,
    model: read.model.manifest.id,
    modelHash: read.model.hash,
    provider: read.provider,
    fieldsPerSecond: readCount > 0 ? readCount / read.seconds : null,
    textColumn: labels.table.textColumn,
    filenameColumn: labels.table.filenameColumn,
    failures,
    problems: labels.problems
  }
  return { value, fields }
}

function evaluate(fields: LabelledField[], read: ImagesRead): Evaluated[] {
  const results = read.results.values()
  return fields.map(({ name, label, path, problem }) => {
    const result = path === null ? null : results.next().value
    const reading = result?.ok ? result.text : ''
    const error = result ? (result.ok ? null : result.reason) : problem
    const edits = characterEdits({ label, reading })
    const exact = tidyText(label) === tidyText(reading)
    return { file: name, label, reading, confidence: result?.ok ? result.confidence : null, edits, exact, error }
  })
}

function addCondition(text: string, previous: Condition[] = []): Condition[] {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Give COLUMN=VALUE.')
  return [...previous, { column: text.slice(0, at), value: text.slice(at + 1) }]
}

export function describeEvaluation(value: Evaluation): string {
  const { fields, skipped, failed, missing, characters, edits, words, wordEdits } = value
  return table([
    ['model', `${value.model} on ${value.provider}`],
    [
      'fields',
      `${whole(fields)}, ${counted(skipped, 'row')} skipped, ${whole(failed)} not read, ${whole(missing)} of them missing`
    ],
    ['characters wrong', `${percent(value.cer)} (${counted(edits, 'edit')} ÷ ${whole(characters)})`],
    ['words wrong', `${percent(value.wer)} (${whole(wordEdits)} ÷ ${whole(words)})`],
    ['fields right', `${percent(value.exact)}, ${percent(value.exactCaseInsensitive)} without regard to case`]
  ])
}
