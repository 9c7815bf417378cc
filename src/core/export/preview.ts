import type { ExportOptions, ExportPreview } from '../../shared/domain'
import { traitsOf } from '../../shared/export-formats'
import type { ReadOnlyDatabase } from '../store'
import { chosenRows, partsOf } from './chosen'
import { cropName, cropOf } from './crops'
import { judgesIn, judgesNote, type ExportJudges } from './judges'
import { fileIndex, layoutOf, targetsOf, type Layout } from './layout'
import { fileName, readNaming, type Naming } from './names'
import type { ExportRow } from '../store/export-rows'
import { notesOnScans, recentScans, type Scans } from './scans'
import type { FieldTable } from './table'

const sampleSize = 8

interface Tally {
  rows: number[]
  omitted: Map<string, number>
  sample: ExportRow[]
  turned: number
  judges: number
}

/** Of a row for each field. */
export async function previewFields(
  table: FieldTable,
  db: ReadOnlyDatabase,
  options: ExportOptions
): Promise<ExportPreview> {
  const judges = judgesIn(db, options)
  const layout = layoutOf(options, judges !== null)
  const naming = readNaming(db)
  const scans = await recentScans(db)
  const tally = await count(db, options, layout, scans, judges)
  return {
    rows: tally.rows.reduce((sum, rows) => sum + rows, 0),
    header: [...table.header],
    sample: await sampleOf(db, table, tally.sample, options, layout, naming),
    files: targetsOf(layout).map((target, index) => ({ ...target, rows: tally.rows[index] ?? null })),
    omitted: [...tally.omitted].map(([reason, omitted]) => ({ reason, count: omitted })),
    notes: [...notesOf(naming, tally, options), ...notesOnScans(scans)]
  }
}

async function count(
  db: ReadOnlyDatabase,
  options: ExportOptions,
  layout: Layout,
  scans: Scans,
  judges: ExportJudges | null
): Promise<Tally> {
  const tally: Tally = { rows: layout.files.map(() => 0), omitted: new Map(), sample: [], turned: 0, judges: 0 }
  const assigned = await partsOf(db, options, scans)
  for await (const { rows } of chosenRows(db, options, scans)) {
    for (const { row, omitted } of rows) {
      if (omitted !== null) {
        tally.omitted.set(omitted, (tally.omitted.get(omitted) ?? 0) + 1)
        continue
      }
      tally.rows[fileIndex(layout, assigned, judges, row)]!++
      if (judges?.has(row)) tally.judges++
      if (row.rotation !== 0) tally.turned++
      if (tally.sample.length < sampleSize) tally.sample.push(row)
    }
  }
  return tally
}

async function sampleOf(
  db: ReadOnlyDatabase,
  table: FieldTable,
  rows: ExportRow[],
  { format }: ExportOptions,
  layout: Layout,
  naming: Naming
): Promise<string[][]> {
  const taken = new Set<string>()
  const sample: string[][] = []
  for (const row of rows) {
    let name = fileName(naming, row)
    if (layout.crops && traitsOf(format).trains) {
      const crop = await cropOf(db, row).catch(() => null) // writing says what is wrong with it
      if (crop) name = layout.crops.prefix + cropName(naming, row, crop, taken)
    }
    sample.push(table.cells(row, name))
  }
  return sample
}

function notesOf(naming: Naming, tally: Tally, options: ExportOptions): string[] {
  const notes = naming.note ? [naming.note] : []
  if (tally.judges > 0 && !options.split) notes.push(judgesNote(tally.judges))
  if (tally.turned > 0 && !options.crops && traitsOf(options.format).trains) {
    const what = tally.turned === 1 ? '1 field was' : `${tally.turned} fields were`
    notes.push(`${what} turned in review, but the files were not: export with crops to get them upright.`)
  }
  return notes
}
