/**
 * Keys that a reviewer needs for 500 real fields, with the readings as they are: field by field, and in the grid by name
 * with what was taken out field by field after. The reviewer is scripted and makes no mistakes: for each field the cheapest
 * of what the keyboard offers, counted key by key.
 */
import { startImport } from '../src/core/ingest/job'
import { groupIds, groupMembers } from '../src/core/names'
import { queueIds, readRows } from '../src/core/review'
import type { FieldRow } from '../src/shared/domain'
import { validationSet } from './checked-names'
import { createProject } from './project'
import type { Result } from './report'
import { openCore, type Setting } from './setting'

const FIELDS = 500
/** Tiles in a row of the grid at 1280 px. */
const COLUMNS = 4

export async function measureKeystrokes(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const set = validationSet(setting)
  if (!set) return { notes: ['Not measured: the checked names are not there.'], results: [] }
  const core = await openCore(setting)
  try {
    const project = await createProject(core, setting)
    startImport(project, { paths: [set.images], labels: null, recognise: true })
    await Promise.all(project.jobs.all.map((run) => run.finished))
    const { db } = project
    const truths = new Map(set.rows.map((row) => [row.file, row.written]))
    const ids = queueIds(db, { filter: {}, order: 'file' }).slice(0, FIELDS)
    const rows = new Map<number, FieldRow>()
    for (let from = 0; from < ids.length; from += 200)
      for (const row of readRows(db, ids.slice(from, from + 200))) rows.set(row.id, row)
    const truthOf = (id: number): string | null => truths.get(rows.get(id)!.file) ?? null
    const single = (id: number): number => keysOfField(rows.get(id)!, truthOf(id))

    const loop = ids.reduce((sum, id) => sum + single(id), 0)
    let grid = 0
    for (const group of groupIds(db, { shown: 'undecided', order: 'worth' })) {
      const members = groupMembers(db, { id: group, shown: 'undecided' }).ids.filter((id) => rows.has(id))
      if (!members.length) continue
      const wrong = members.flatMap((id, at) => (rows.get(id)!.text === truthOf(id) ? [] : [at]))
      grid += keysOfGroup(members.length, wrong) + wrong.reduce((sum, at) => sum + single(members[at]!), 0)
    }
    const right = ids.filter((id) => rows.get(id)!.text === truthOf(id)).length
    return {
      notes: [`The first ${ids.length} of the validation fields, of which ${right} are read as they are written.`],
      results: [
        { name: 'keys a field, field by field', value: loop / ids.length, unit: '', target: { atMost: 1.5 } },
        { name: 'keys a field, grid by name', value: grid / ids.length, unit: '', target: { atMost: 1.5 } }
      ]
    }
  } finally {
    await core.close()
  }
}

/** Enter; a digit and Enter for an alternative; Alt+X; or a correction and Enter. */
function keysOfField(row: FieldRow, truth: string | null): number {
  if (truth === null) return 1
  const text = row.text ?? ''
  if (text === truth) return 1
  if (row.alternatives.some((alternative) => alternative.text === truth)) return 2
  return Math.min(keysOfEdits(text, truth), 1 + truth.length) + 1
}

/** Arrow keys, deletions and letters that turn one text into another, from the caret at its start or (End) at its end. */
function keysOfEdits(from: string, to: string): number {
  let start = 0
  while (start < Math.min(from.length, to.length) && from[start] === to[start]) start++
  let end = 0
  while (end < Math.min(from.length, to.length) - start && from.at(-1 - end) === to.at(-1 - end)) end++
  const [cut, put] = [from.length - start - end, to.length - start - end]
  return Math.min(start, end + 1) + cut + put
}

/** Arrow keys to each wrong one and X; Enter where any is left. */
function keysOfGroup(size: number, wrong: readonly number[]): number {
  let at = 0
  let keys = 0
  for (const next of wrong) {
    const rows = Math.abs(Math.floor(next / COLUMNS) - Math.floor(at / COLUMNS))
    keys += rows + Math.abs((next % COLUMNS) - (at % COLUMNS)) + 1
    at = next
  }
  return keys + (wrong.length < size ? 1 : 0)
}
