/** Attaches the rows of a labels file to the fields of the imported folders. */
import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ImportReport, LabelColumns } from '../../../shared/domain'
import { tidyText } from '../../../shared/text'
import type { JobControl } from '../../jobs'
import { deriveFields, currentModelId, immediate, type Database } from '../../store'
import {
  hasImportedLabel,
  insertLabel,
  namedFieldsAfter,
  readLabels,
  setImportedLabel,
  withdrawImportedLabel,
  type StoredLabel
} from '../../store/labels'
import type { ImportHooks } from '../options'
import { absoluteOf, isWithin } from '../places'
import { relativePath } from '../scan'
import { prepareNames, resolveColumns, withoutTitle } from './columns'
import { readText } from './decode'
import { capped, pathsOf } from './inspect'
import { FileNames, type Found } from './names'
import { parseTable } from './parse'
import { readLabelRows, type LabelRow } from './rows'
import { turn } from '../../store/slices'

const listed = 1000
const perTransaction = 250

interface Matched {
  label: LabelRow
  fieldId: number | null
  /** The row whose text is used: the first of its field. */
  isFirst: boolean
}

/** `roots`: the folders of this import; only their files are meant. A file's first row counts where it has several. */
export async function attachLabels(
  db: Database,
  chosen: LabelColumns,
  roots: string[],
  run: JobControl,
  hooks: ImportHooks
): Promise<ImportReport['labels']> {
  const path = await realpath(chosen.path).catch(() => resolve(chosen.path))
  const { text } = await readText(path, chosen.encoding)
  const { rows: all, problems } = await parseTable(text, chosen.delimiter)
  const { names, paths } = await namesOfFields(db, roots, path)
  await prepareNames(all, names)
  const { rows, problems: above } = withoutTitle(all, names)
  problems.unshift(...above)
  const { columns, ...indices } = resolveColumns(rows, chosen, names)
  const read = readLabelRows(rows, columns, indices)
  problems.push(...read.notes, ...read.problems)
  const { matched, duplicates, unknown } = await match(read.labels, names, problems)
  await storeLabels(db, run, hooks, path, matched)
  const labelled = new Set(matched.map((row) => row.fieldId))
  const unlabelled = [...paths.keys()].filter((fieldId) => !labelled.has(fieldId))
  // A table of which nothing is found is another one, or read in another way: it takes nothing back.
  const withdrawn = matched.some(({ fieldId }) => fieldId !== null) ? await withdraw(db, hooks, path, unlabelled) : []
  const kept = unlabelled.filter((fieldId) => hasImportedLabel(db, fieldId))
  const others = new Set(kept)
  const filesOf = (fieldIds: number[]): string[] => fieldIds.map((fieldId) => paths.get(fieldId)!)
  const blank = matched.filter(({ label, isFirst }) => isFirst && label.state === 'blank')
  return {
    file: path,
    rows: read.labels.length + read.problems.length,
    matched: matched.filter((row) => row.fieldId !== null).length,
    duplicates,
    rowsWithoutFile: capped(unknown, listed),
    filesWithoutRow: capped(filesOf(unlabelled.filter((fieldId) => !others.has(fieldId))), listed),
    blank: blank.length,
    emptyCells: capped(
      blank.filter(({ label }) => tidyText(label.text) === '').map(({ label }) => label.name),
      listed
    ),
    withdrawn: capped(filesOf(withdrawn), listed),
    kept: capped(filesOf(kept), listed),
    problems: capped(problems, listed)
  }
}

async function namesOfFields(
  db: Database,
  roots: string[],
  labelsPath: string
): Promise<{ names: FileNames<number>; paths: Map<number, string> }> {
  const names = new FileNames<number>()
  const paths = new Map<number, string>()
  for (let after = 0; ;) {
    const page = namedFieldsAfter(db, after, 500)
    const last = page.at(-1)
    if (!last) return { names, paths }
    after = last.fieldId
    for (const field of page) {
      const absolute = absoluteOf(field)
      const root = roots.find((candidate) => isWithin(absolute, candidate))
      if (root === undefined) continue
      // The folder given now can lie within the one that was imported first.
      const given = relativePath(root, absolute)
      names.add([...new Set([given, ...pathsOf({ path: field.path, absolute }, labelsPath)])], absolute, field.fieldId)
      paths.set(field.fieldId, field.path)
    }
    await turn(db)
  }
}

async function match(
  labels: LabelRow[],
  names: FileNames<number>,
  problems: string[]
): Promise<{ matched: Matched[]; duplicates: number; unknown: string[] }> {
  const firstOf = new Map<number, LabelRow>()
  const unknown: string[] = []
  let duplicates = 0
  const matchOne = (label: LabelRow, found: Found<number>): Matched => {
    if (found === null) unknown.push(label.name)
    if (found === 'ambiguous') {
      problems.push(`Line ${label.line}: several files are called ${label.name}. Write their folders too.`)
    }
    if (found === null || found === 'ambiguous') return { label, fieldId: null, isFirst: false }
    const first = firstOf.get(found.value)
    if (!first) {
      firstOf.set(found.value, label)
      return { label, fieldId: found.value, isFirst: true }
    }
    duplicates++
    if (tidyText(first.text) !== tidyText(label.text)) {
      problems.push(`Line ${label.line}: ${label.name} has another text in line ${first.line}. The first one was used.`)
    }
    return { label, fieldId: found.value, isFirst: false }
  }
  const matched: Matched[] = []
  const found = await names.match(labels.map(({ name }) => name))
  for (const [index, label] of labels.entries()) {
    matched.push(matchOne(label, found[index]!))
    if (matched.length % 1000 === 0) await turn()
  }
  return { matched, duplicates, unknown }
}

async function storeLabels(
  db: Database,
  run: JobControl,
  hooks: ImportHooks,
  file: string,
  matched: Matched[]
): Promise<void> {
  const known = new Set(readLabels(db, file).map(keyOf))
  for (let start = 0; start < matched.length; start += perTransaction) {
    await run.whenNotPaused()
    const fieldIds = immediate(db, () => {
      const changed: number[] = []
      for (const { label, fieldId, isFirst } of matched.slice(start, start + perTransaction)) {
        const stored = { ...label, fieldId }
        if (!known.has(keyOf(stored))) insertLabel(db, run.id, file, stored)
        if (fieldId !== null && isFirst && setImportedLabel(db, fieldId, label.text, label.state)) changed.push(fieldId)
      }
      if (changed.length) deriveFields(db, { fieldIds: changed }, currentModelId(db))
      return changed
    })
    if (fieldIds.length) hooks.onFields?.(fieldIds)
    await turn(db)
  }
}

/** Takes back the labels that fields have of this table alone, which says nothing of them now. Decisions stay. */
async function withdraw(db: Database, hooks: ImportHooks, file: string, unlabelled: number[]): Promise<number[]> {
  const withdrawn: number[] = []
  for (let start = 0; start < unlabelled.length; start += perTransaction) {
    const fieldIds = immediate(db, () => {
      const some = unlabelled.slice(start, start + perTransaction).filter((id) => withdrawImportedLabel(db, id, file))
      if (some.length) deriveFields(db, { fieldIds: some }, currentModelId(db))
      return some
    })
    if (fieldIds.length) hooks.onFields?.(fieldIds)
    withdrawn.push(...fieldIds)
    await turn(db)
  }
  return withdrawn
}

/** An import that is repeated adds no row twice. */
const keyOf = (label: StoredLabel): string => [label.line, label.fieldId, label.name, label.text].join('\0')
