/** Takes a list in: in pieces, so that windows stay alive; whole or not at all, as nobody sees it before its end. */
import type { Input, Output } from '../../shared/contract'
import { NominaError, say } from '../../shared/failure'
import { capped } from '../ingest/labels/inspect'
import type { Control } from '../jobs'
import { fold, immediate, type Database } from '../store'
import {
  beginLexicon,
  finishLexicon,
  hideLexicon,
  insertCells,
  insertEntries,
  readLexicons,
  removeSome,
  type NewEntry
} from '../store/lexicons'
import { collectEntries, collectRows, type Collected } from './collect'
import { columnAt, readTable } from './table'
import { turn } from '../store/slices'

/** Rows of one transaction: a few ms. */
const PIECE = 1000
const shownProblems = 200

/** @throws NominaError `not-found`, `invalid-input` (columns, nothing usable, wrong encoding), `disk-full`, `busy` */
export async function importList(
  db: Database,
  input: Input<'lexicon.import'>,
  control: Control = {}
): Promise<Output<'lexicon.import'>> {
  return alone(db, () => takeIn(db, input, control))
}

async function takeIn(
  db: Database,
  input: Input<'lexicon.import'>,
  control: Control
): Promise<Output<'lexicon.import'>> {
  const { columns: wanted, path } = input
  const table = await readTable(input)
  if (table.doubt) throw new NominaError('invalid-input', `${path}: ${table.doubt}`)
  const places =
    wanted.kind === 'roster'
      ? wanted.bindings.map(({ column }) => columnAt(table, column, path))
      : [columnAt(table, wanted.text, path)]
  refuseTwice(wanted)
  const count = wanted.kind === 'roster' || wanted.count === null ? null : columnAt(table, wanted.count, path)
  control.onProgress?.(0, table.rows.length)
  const collected =
    wanted.kind === 'roster'
      ? await collectRows(table.rows, places, control.signal)
      : await collectEntries(table.rows, places[0]!, count, control.signal)
  refuseUseless(collected, table.rows.length, table.encoding, path)
  const fields = wanted.kind === 'roster' ? wanted.bindings.map(({ field }) => field) : wanted.fields
  const id = immediate(db, () => beginLexicon(db, { name: input.name, kind: wanted.kind, file: path, fields }))
  try {
    await store(db, id, collected, control)
  } catch (error) {
    await removeHidden(db).catch(() => {}) // what is left of it now, the next list takes away
    throw error
  }
  await removeHidden(db)
  return {
    lexicon: readLexicons(db).find((lexicon) => lexicon.id === id)!,
    duplicates: collected.duplicates,
    empty: collected.empty,
    problems: capped([...table.problems, ...collected.problems], shownProblems)
  }
}

async function store(
  db: Database,
  id: number,
  { columns, rows, taken }: Collected,
  { signal, onProgress }: Control
): Promise<void> {
  const entryCount = columns.reduce((sum, entries) => sum + entries.size, 0)
  const all = entryCount + rows.length
  let done = 0
  const idOf: Map<string, number>[] = []
  for (const [place, entries] of columns.entries()) {
    const ids = new Map<string, number>()
    idOf.push(ids)
    for (const piece of pieces([...entries])) {
      const added: NewEntry[] = piece.map(([text, count]) => ({ text, key: fold(text), count }))
      const made = immediate(db, () => insertEntries(db, id, place, added))
      made.forEach((entryId, at) => ids.set(added[at]!.text, entryId))
      onProgress?.((done += piece.length), all)
      await turn(db, signal)
    }
  }
  let first = 0
  for (const piece of pieces(rows)) {
    const cells = piece.flatMap((texts, at) =>
      texts.flatMap((text, place) =>
        text === '' ? [] : [{ row: first + at, place, entryId: idOf[place]!.get(text)! }]
      )
    )
    first += piece.length
    immediate(db, () => insertCells(db, id, cells))
    onProgress?.((done += piece.length), all)
    await turn(db, signal)
  }
  const total = rows.length || [...columns[0]!.values()].reduce((sum, count) => sum + count, 0)
  immediate(db, () => finishLexicon(db, id, taken, entryCount, total))
}

/** Takes a list away. @throws NominaError `not-found`, `busy` */
export function removeList(db: Database, id: number): Promise<void> {
  return alone(db, async () => {
    if (!immediate(db, () => hideLexicon(db, id))) {
      throw new NominaError('not-found', `There is no list with the number ${id}.`)
    }
    await removeHidden(db)
  })
}

/** Also what an import left behind that was cut off. */
async function removeHidden(db: Database): Promise<void> {
  while (immediate(db, () => removeSome(db, PIECE))) await turn(db)
}

const busy = new WeakSet<Database>()

/** One list at a time: what is half done and not seen yet would be taken for something left behind. */
async function alone<T>(db: Database, work: () => Promise<T>): Promise<T> {
  if (busy.has(db)) throw new NominaError('busy', say('listBusy'))
  busy.add(db)
  try {
    return await work()
  } finally {
    busy.delete(db)
  }
}

function* pieces<T>(items: T[]): Generator<T[]> {
  for (let start = 0; start < items.length; start += PIECE) yield items.slice(start, start + PIECE)
}

function refuseTwice(wanted: Input<'lexicon.import'>['columns']): void {
  if (wanted.kind !== 'roster') return
  const fields = wanted.bindings.map(({ field }) => field)
  const twice = fields.find((field, at) => fields.indexOf(field) !== at)
  if (twice === undefined) return
  const named = twice === '' ? 'the whole image' : `the field "${twice}"`
  throw new NominaError('invalid-input', `Two columns are for ${named}. Give each field one column.`)
}

function refuseUseless(collected: Collected, rows: number, encoding: string, path: string): void {
  if (collected.foreign > rows / 10) {
    throw new NominaError(
      'invalid-input',
      `The list ${path} does not read as ${encoding}: ${collected.foreign.toLocaleString('en-GB')} rows have characters that are none. Choose another encoding.`
    )
  }
  if (collected.taken > 0) return
  throw new NominaError(
    'invalid-input',
    `The list ${path} has no text in the chosen column${collected.columns.length > 1 ? 's' : ''}.`
  )
}
