/** A list's rows as different texts with counts, and what is wrong with the rows that are not used. */
import { tidyText } from '../../shared/text'
import type { Row } from '../ingest/labels/parse'
import { countOf, decimalSigns } from './counts'
import { turn } from '../store/slices'

export interface Collected {
  /** Of each column: its texts and how often each occurs. */
  columns: Map<string, number>[]
  /** Of a roster: its different rows; empty for names. */
  rows: string[][]
  /** Rows that were used. */
  taken: number
  duplicates: number
  empty: number
  /** Rows with characters that are not of the file's encoding. */
  foreign: number
  problems: string[]
}

/** Rows between two turns of the event loop. */
const TURN = 20_000
const longest = 200
const mostProblems = 10_000

/** @param count column of the counts, null: each row counts once */
export async function collectEntries(
  rows: Row[],
  text: number,
  count: number | null,
  signal?: AbortSignal
): Promise<Collected> {
  const entries = new Map<string, number>()
  const collected = nothing([entries])
  const decimals = decimalSigns(count === null ? [] : rows.map(({ cells }) => cells[count] ?? ''))
  for (const [at, { line, cells }] of rows.entries()) {
    if (at % TURN === 0) await turn(null, signal)
    const name = tidyText(cells[text] ?? '')
    const times = count === null ? 1 : countOf(cells[count] ?? '', decimals)
    const problem = problemOf([name], collected) ?? (times === null ? 'its count is not a number above 0.' : null)
    if (name === '') collected.empty++
    else if (problem) say(collected, line, problem)
    else {
      collected.taken++
      if (entries.has(name)) collected.duplicates++
      entries.set(name, (entries.get(name) ?? 0) + times!)
    }
  }
  return collected
}

export async function collectRows(rows: Row[], columns: number[], signal?: AbortSignal): Promise<Collected> {
  const collected = nothing(columns.map(() => new Map<string, number>()))
  const seen = new Set<string>()
  for (const [at, { line, cells }] of rows.entries()) {
    if (at % TURN === 0) await turn(null, signal)
    const texts = columns.map((column) => tidyText(cells[column] ?? ''))
    const problem = problemOf(texts, collected)
    const key = texts.join('\0')
    if (texts.every((text) => text === '')) collected.empty++
    else if (problem) say(collected, line, problem)
    else {
      collected.taken++
      if (seen.has(key)) {
        collected.duplicates++
        continue
      }
      seen.add(key)
      collected.rows.push(texts)
      texts.forEach((text, place) => {
        const entries = collected.columns[place]!
        if (text !== '') entries.set(text, (entries.get(text) ?? 0) + 1)
      })
    }
  }
  return collected
}

const nothing = (columns: Map<string, number>[]): Collected => ({
  columns,
  rows: [],
  taken: 0,
  duplicates: 0,
  empty: 0,
  foreign: 0,
  problems: []
})

function problemOf(texts: string[], collected: Collected): string | null {
  if (texts.some((text) => text.includes('\ufffd'))) {
    collected.foreign++
    return 'it has characters that are not of this encoding.'
  }
  if (texts.some((text) => text.length > longest)) return `a text has more than ${longest} characters.`
  return null
}

function say(collected: Collected, line: number, problem: string): void {
  if (collected.problems.length < mostProblems)
    collected.problems.push(`Line ${line}: ${problem} The row was left out.`)
}
