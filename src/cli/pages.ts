/** What became of pages, said on the command line. */
import type { PagesResult } from '../core/forms/pipeline'
import type { ReadOnlyDatabase } from '../core/store'
import { notedPages, pageIds, pageRows } from '../core/store/pages'
import type { Session } from './session'
import { counted, printable, whole } from './terminal'

export interface PagesOutcome extends PagesResult {
  /** Every page of the project that lies on no template or can't be decoded, with its reason. */
  problems: { file: string; page: number; status: string; reason: string }[]
  /** Pages on a template of which something is to be known: another form beside it, say. */
  notes: { file: string; page: number; reason: string }[]
}

const namedAtMost = 20

export function pagesOutcome(db: ReadOnlyDatabase, result: PagesResult): PagesOutcome {
  const rows = pageRows(db, pageIds(db, { status: 'problems' }))
  const problems = rows.map(({ file, number, status, reason }) => ({
    file,
    page: number,
    status,
    reason: reason ?? ''
  }))
  return { ...result, problems, notes: notedPages(db) }
}

export function tellPages(session: Session, outcome: PagesOutcome | null): void {
  if (!outcome) return
  const { problems } = outcome
  for (const { file, page, status, reason } of problems.slice(0, namedAtMost))
    session.tell(`Page ${status}: ${file}, page ${page}: ${reason}`)
  if (problems.length > namedAtMost)
    session.tell(`And ${whole(problems.length - namedAtMost)} more pages without fields (all with --json)`)
}

/** The outcome of pages, with what is to be known of those on a template: it is part of the answer, no word beside it. */
export function describePages({ matched, unmatched, failed, notes }: PagesOutcome): string {
  const looked = counted(matched + unmatched + failed, 'page')
  const lines = [
    `${looked} looked at: ${whole(matched)} on a template, ${whole(unmatched)} unmatched, ${whole(failed)} failed`
  ]
  for (const { file, page, reason } of notes.slice(0, namedAtMost))
    lines.push(`Note: ${printable(file)}, page ${page}: ${printable(reason)}`)
  if (notes.length > namedAtMost)
    lines.push(`And notes on ${whole(notes.length - namedAtMost)} more pages (all with --json)`)
  return lines.join('\n')
}
