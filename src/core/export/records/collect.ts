/** Fields of one page put together to its record. */
import type { ExportOptions } from '../../../shared/domain'
import type { ReadOnlyDatabase } from '../../store'
import { chosenRows } from '../chosen'
import { fileName, readNaming } from '../names'
import { isStale, notDecided } from '../omission'
import type { ExportRow } from '../../store/export-rows'
import type { Scans } from '../scans'
import { fraction, textOf } from '../table'
import type { Columns } from './columns'

export interface Part {
  /** Cells as `Columns.header` has them. */
  records: string[][]
  /** Cells that stay empty, by the reason. */
  omitted: Map<string, number>
  /** Cells that hold a reading nobody has looked at. */
  unseen: number
  done: number
  total: number
}

/** The records of a project in file order, some at a time. A page has one where anything of it is to be written. */
export async function* recordsOf(
  db: ReadOnlyDatabase,
  options: ExportOptions,
  columns: Columns,
  scans: Scans,
  signal?: AbortSignal
): AsyncGenerator<Part> {
  const naming = readNaming(db)
  let open: Looked[] = []
  for await (const { rows, done, total } of chosenRows(db, options, scans, signal)) {
    const records: string[][] = []
    for (const looked of rows) {
      if (open[0] && !samePage(open[0].row, looked.row)) {
        records.push(...recordOf(open, options, columns, naming))
        open = []
      }
      open.push(looked)
    }
    if (done === total) records.push(...recordOf(open, options, columns, naming))
    yield { records, ...tally(rows), done, total }
  }
}

type Looked = { row: ExportRow; omitted: string | null }

const samePage = (a: ExportRow, b: ExportRow): boolean => a.sourceId === b.sourceId && a.page === b.page

/** None where all of it was left out for not being decided, or for what became of its scan. */
function recordOf(
  page: Looked[],
  options: ExportOptions,
  { fields }: Columns,
  naming: ReturnType<typeof readNaming>
): string[][] {
  const hasRow = page.some(({ omitted }) => omitted === null || !(omitted === notDecided || isStale(omitted)))
  if (!hasRow) return []
  const { row: first } = page[0]!
  const cells = fields.flatMap((field) => {
    const own = page.filter(({ row }) => row.field === field)
    return cellsOf(own, options)
  })
  return [[fileName(naming, first), String(first.page), ...cells]]
}

/** A name is on a page once; where an earlier template left it there twice, nothing of it is lost. */
function cellsOf(own: Looked[], { unreadable, details = [] }: ExportOptions): string[] {
  const texts = own.map(({ row, omitted }) => (omitted === null ? textOf(row, unreadable) : ''))
  const known = {
    state: () => own.map(({ row }) => row.status).join(' / '),
    confidence: () => own.map(({ row }) => fraction(row.confidence)).join(' / ')
  }
  return [texts.filter(Boolean).join(' / '), ...details.map((detail) => known[detail]())]
}

function tally(rows: Looked[]): Pick<Part, 'omitted' | 'unseen'> {
  const omitted = new Map<string, number>()
  let unseen = 0
  for (const { row, omitted: reason } of rows) {
    if (reason !== null) omitted.set(reason, (omitted.get(reason) ?? 0) + 1)
    else if (row.origin === 'reading') unseen++
  }
  return { omitted, unseen }
}
