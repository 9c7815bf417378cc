/** Decisions out of a table: the way in for scripts and other tools. */
import { parse } from 'csv-parse/sync'
import * as v from 'valibot'
import { messageOf, NominaError } from '../../shared/failure'
import { tidyText } from '../../shared/text'
import { isDecided, labelStates, traitsOf } from '../../shared/states'
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
 * @throws NominaError `not-found`, `invalid-input` (no table, or one without “file”); the signal's reason
 */
export async function* decideFromTable(
  db: Database,
  path: string,
  { reviewer, replace = false, signal }: { reviewer: string; replace?: boolean; signal?: AbortSignal }
): AsyncGenerator<RowOutcome> {
  const { text } = await readText(path, undefined, 'table of decisions')
  for (const { record, line } of recordsOf(text, path)) {
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
        outcome: 'refused',
        reason: `${v.getDotPath(issue) ?? 'row'}: ${issue.message}`
      }
      continue
    }
    const { file, page, field } = checked.output
    yield { line, file, page, field, ...decideRow(db, checked.output, { reviewer, replace }) }
    // Others are answered between two rows.
    await turn(db)
  }
}

function recordsOf(text: string, path: string): { record: Record<string, string>; line: number }[] {
  let rows: { record: Record<string, string>; info: { lines: number } }[]
  try {
    rows = parse(text, {
      bom: true,
      columns: true,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true
    }) as never
  } catch (error) {
    throw new NominaError('invalid-input', `${path} is no table: ${messageOf(error)}`, { cause: error })
  }
  if (rows.length && !('file' in rows[0]!.record))
    throw new NominaError(
      'invalid-input',
      `${path} has no column “file”. Its header must be ${decisionColumns.join(',')}.`
    )
  return rows.map(({ record, info }) => ({ record, line: info.lines }))
}

function decideRow(
  db: Database,
  row: Row,
  { reviewer: otherwise, replace }: { reviewer: string; replace: boolean }
): Pick<RowOutcome, 'outcome' | 'reason'> {
  const refused = (reason: string) => ({ outcome: 'refused' as const, reason })
  const found = fieldsAt(db, row)
  if (found.length > 1) return refused('Several imported folders hold such a file: give them different names.')
  const [field] = found
  if (!field) return refused('There is no such field in the project.')
  const text = tidyText(row.text)
  if (row.state === 'text' && text === '')
    return refused('It has no text. Write “blank” as its state if nothing is written there.')
  const reviewer = row.reviewer || otherwise
  if (isSaid(field, row.state, text) && field.reviewer === reviewer) return { outcome: 'same', reason: null }
  if (!replace && field.origin === 'person' && isDecided(field) && !isSaid(field, row.state, text))
    return refused(decidedOtherwise(field))
  const verdict: Pick<DecideRequest, 'kind' | 'text'> =
    row.state === 'text' ? { kind: 'accepted', text } : { kind: row.state }
  decide(db, { ids: [field.id], ...verdict, reviewer, how: 'field', table: true })
  return { outcome: 'decided', reason: null }
}

function decidedOtherwise({ status, text, reviewer }: FieldAtPlace): string {
  const said = traitsOf(status).label === 'text' ? `“${text}”` : status
  return `It is decided otherwise: ${said}${reviewer ? `, by ${reviewer}` : ''}. Look at its ink, or decide it anew with --replace.`
}

function isSaid(field: FieldAtPlace, state: Row['state'], text: string): boolean {
  if (state !== 'text') return field.status === state
  return traitsOf(field.status).label === 'text' && field.text === text
}
