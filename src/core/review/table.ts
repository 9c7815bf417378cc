/** Decisions out of a table: the way in for scripts and other tools. */
import { parse } from 'csv-parse/sync'
import * as v from 'valibot'
import { inEnglish, messageOf, NominaError, say } from '../../shared/failure'
import { tidyText } from '../../shared/text'
import { isDecided, labelStates, stateOfCell, traitsOf } from '../../shared/states'
import { readNaming, type Naming } from '../export/names'
import { isAsImported } from '../ingest/as-imported'
import { readText } from '../ingest/labels/decode'
import type { Database } from '../store'
import { fieldsAt, type FieldAtPlace } from '../store/places'
import { decide, type DecideRequest } from './decide'
import { turn } from '../store/slices'

/** The header of the table; `page`, `field`, `state` and `reviewer` may be left out. */
export const decisionColumns = ['file', 'page', 'field', 'text', 'state', 'reviewer'] as const

const blankable = (otherwise: string) =>
  v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => text.trim() || otherwise)
    ),
    otherwise
  )
const rowSchema = v.object({
  file: v.pipe(
    v.string('there is no column “file”'),
    v.minLength(1, 'is empty'),
    v.transform((path) => path.replaceAll('\\', '/'))
  ),
  page: v.pipe(blankable('1'), v.regex(/^[1-9]\d{0,6}$/, 'must be a whole number from 1'), v.transform(Number)),
  field: v.optional(v.string(), ''),
  text: v.optional(v.pipe(v.string(), v.maxLength(2000, 'has more than 2,000 characters')), ''),
  state: v.pipe(
    blankable('text'),
    v.picklist(labelStates, `must be ${labelStates.slice(0, -1).join(', ')} or ${labelStates.at(-1)}`)
  ),
  reviewer: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(80, 'has more than 80 characters')), '')
})
type Row = v.InferOutput<typeof rowSchema>

/** How the table is written, as far as it was not said. */
export interface TableRead {
  encoding: string
}

/** `same`: this reviewer had said so already. `refused`: nothing was changed, and why. */
export interface RowOutcome {
  /** Of the table, from 1, which is its header. */
  line: number
  file: string
  page: number
  field: string
  outcome: 'decided' | 'same' | 'refused'
  reason: string | null
}

/**
 * Decides as if each row had been typed in the review, one act a row. A row that can't be used is refused with its reason, and
 * the others go on; the same table again changes nothing. What a person decided otherwise is left: nobody knows which of the two
 * is the later.
 * @param reviewer of rows that name none
 * @param replace decide also what a person decided otherwise
 * @throws NominaError `not-found`, `invalid-input` (no table, one without “file”, or in an encoding that is not certain); the signal's reason
 */
export async function* decideFromTable(
  db: Database,
  path: string,
  {
    reviewer,
    replace = false,
    encoding,
    signal,
    onRead
  }: {
    reviewer: string
    replace?: boolean
    encoding?: string | undefined
    signal?: AbortSignal
    onRead?: (read: TableRead) => void
  }
): AsyncGenerator<RowOutcome> {
  const { text, doubt, ...read } = await readText(path, encoding, 'table of decisions')
  if (doubt) throw new NominaError('invalid-input', `${path}: ${doubt}`)
  onRead?.(read)
  const naming = readNaming(db)
  for (const { record, line, surplus } of recordsOf(text, path)) {
    signal?.throwIfAborted()
    const checked = v.safeParse(rowSchema, record, { abortEarly: true })
    if (!checked.success) {
      const [issue] = checked.issues
      const { file = '', field = '' } = record
      yield {
        line,
        file,
        page: 0,
        field,
        ...refused(`${v.getDotPath(issue) ?? 'row'}: ${issue.message}`)
      }
      continue
    }
    const { file, page, field } = checked.output
    const outcome = surplus
      ? refused('It has more cells than the header: a comma in a text must be quoted.')
      : await decideRow(db, checked.output, { reviewer, replace, naming })
    yield { line, file, page, field, ...outcome }
    // Others are answered between two rows.
    await turn(db)
  }
}

function recordsOf(text: string, path: string): { record: Record<string, string>; line: number; surplus: boolean }[] {
  let rows: { record: string[]; info: { lines: number } }[]
  try {
    rows = parse(text, { bom: true, info: true, skip_empty_lines: true, relax_column_count: true }) as never
  } catch (error) {
    throw new NominaError('invalid-input', `${path} is no table: ${messageOf(error)}`, { cause: error })
  }
  const [header, ...body] = rows
  const columns = header?.record ?? []
  if (header && !columns.includes('file'))
    throw new NominaError(
      'invalid-input',
      `${path} has no column “file”. Its header must be ${decisionColumns.join(',')}, as “nomina export --format decisions” writes it.`
    )
  if (body.length === 0) throw new NominaError('invalid-input', `${path} has no rows.`)
  return body.map(({ record, info }) => ({
    record: Object.fromEntries(columns.flatMap((name, at) => (at < record.length ? [[name, record[at]!]] : []))),
    line: info.lines,
    surplus: record.slice(columns.length).some((cell) => cell !== '')
  }))
}

type Answer = Pick<RowOutcome, 'outcome' | 'reason'>
const refused = (reason: string): Answer => ({ outcome: 'refused', reason })

async function decideRow(
  db: Database,
  row: Row,
  { reviewer: otherwise, replace, naming }: { reviewer: string; replace: boolean; naming: Naming }
): Promise<Answer> {
  const found = fieldsAt(db, row).concat(fieldsNamed(db, row, naming))
  if (found.length > 1) return refused('Several imported folders hold such a file: give them different names.')
  const [field] = found
  if (!field) return refused('There is no such field in the project.')
  const text = tidyText(row.text)
  if (row.state === 'text' && text === '')
    return refused('It has no text. Write “blank” as its state if nothing is written there.')
  if (row.state !== 'text' && text !== '')
    return refused(`It is ${row.state} and has a text: only one of the two can be so.`)
  const state = row.state === 'text' ? stateOfCell(text) : row.state
  const reviewer = row.reviewer || otherwise
  if (isSaid(field, state, text) && field.reviewer === reviewer) return { outcome: 'same', reason: null }
  if (!replace && field.origin === 'person' && isDecided(field) && !isSaid(field, state, text))
    return refused(decidedOtherwise(field))
  if (await hasChanged(db, field)) return refused(inEnglish(say('fileChanged')))
  const verdict: Pick<DecideRequest, 'kind' | 'text'> = state === 'text' ? { kind: 'accepted', text } : { kind: state }
  decide(db, { ids: [field.id], ...verdict, reviewer, how: 'field', table: true })
  return { outcome: 'decided', reason: null }
}

/** As an export names files where several imported folders hold files of one name. */
const fieldsNamed = (db: Database, row: Row, { prefixes }: Naming): FieldAtPlace[] =>
  [...prefixes].flatMap(([rootId, prefix]) =>
    row.file.startsWith(prefix) ? fieldsAt(db, { ...row, file: row.file.slice(prefix.length), rootId }) : []
  )

/** Nobody knows whether the row speaks of what the project knows or of what lies there now. What is out of reach can't be asked. */
const hasChanged = (db: Database, { path, ...known }: FieldAtPlace): Promise<boolean> =>
  known.sha256 === null
    ? Promise.resolve(false)
    : isAsImported(db, path, known).then(
        (same) => !same,
        () => false
      )

function decidedOtherwise({ status, text, reviewer }: FieldAtPlace): string {
  const said = traitsOf(status).label === 'text' ? `“${text}”` : status
  return `It is decided otherwise: ${said}${reviewer ? `, by ${reviewer}` : ''}. Look at its ink, or decide it anew with --replace.`
}

function isSaid(field: FieldAtPlace, state: Row['state'], text: string): boolean {
  if (state !== 'text') return field.status === state
  return traitsOf(field.status).label === 'text' && field.text === text
}
