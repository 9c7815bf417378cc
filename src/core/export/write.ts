import { open, type FileHandle } from 'node:fs/promises'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ExportOptions } from '../../shared/domain'
import { traitsOf } from '../../shared/export-formats'
import { NominaError, say } from '../../shared/failure'
import type { Control } from '../jobs'
import type { Database, ReadOnlyDatabase } from '../store'
import { storeParts } from '../store/split-parts'
import { chosenRows, partsOf } from './chosen'
import { CropWriter, type Recut } from './crop-writer'
import { writeFailure } from './failures'
import { judgesIn, judgesNote } from './judges'
import { fileIndex, layoutOf, targetsOf, type Layout } from './layout'
import { fileName, readNaming } from './names'
import { isStale } from './omission'
import type { ExportRow } from '../store/export-rows'
import { lookAtScans, notesOnScans, type Scans } from './scans'
import { judgesPart, nameOfSplit, type Assigned } from './split'
import { folderMark, Staging } from './staging'
import { csvText, type FieldTable } from './table'

/** It is told how many scans were looked at, without a total; then how many rows or pages of all. */
export interface WriteControl extends Control {
  recut?: Recut
  /** A page as a PNG of all its pixels, as stored. */
  picture?: (pageId: number) => Promise<Uint8Array>
  /** Called once, before the files get their names. */
  onScans?: (found: OnScans) => void
}

export interface WriteResult {
  /** Absolute paths of what was made: files, then the folder of crops. */
  files: string[]
  /** Or pages, where each is a file. */
  rows: number
  crops: number
}

/** What became of the scans that an export speaks of. */
export interface OnScans {
  /** Decided fields, or pages, left out since their scan is not what was decided on, by the reason. */
  stale: { reason: string; count: number }[]
  /** Pages left out since they lie on no template. */
  left?: number
  notes: string[]
}

/** Writes the content of an export under unfinished names. */
export type Stage = (
  db: ReadOnlyDatabase,
  options: ExportOptions,
  layout: Layout,
  staging: Staging,
  scans: Scans,
  control: WriteControl
) => Promise<Staged>

/** Tables of fields or of records. @throws as `writeExport` */
export async function writeTables(
  stage: Stage,
  db: Database,
  options: ExportOptions,
  control: WriteControl
): Promise<WriteResult> {
  const layout = layoutOf(options, judgesIn(db, options) !== null)
  refuseWhatIsThere(layout, options)
  let staging: Staging | null = null
  try {
    staging = await Staging.begin(layout.folder, dirname(db.name))
    const scans = await lookAtScans(db, control)
    const { stale, assigned, notes = [], ...written } = await stage(db, options, layout, staging, scans, control)
    control.onScans?.({
      stale: [...stale].map(([reason, count]) => ({ reason, count })),
      notes: [...notes, ...notesOnScans(scans)]
    })
    control.signal?.throwIfAborted()
    refuseWhatIsThere(layout, options) // it may have come since
    // Before the files are there: a part that is written is never given otherwise later.
    if (assigned) storeParts(db, nameOfSplit(options.split!), assigned.given)
    await staging.commit()
    return { files: targetsOf(layout).map((target) => target.path), ...written }
  } catch (error) {
    await staging?.discard()
    throw writeFailure(error, layout.files.length === 1 ? layout.files[0]!.path : layout.folder)
  }
}

export interface Staged {
  rows: number
  crops: number
  stale: Map<string, number>
  assigned: Assigned | null
  /** What else a person should know, as sentences. */
  notes?: string[]
}

export const stageFields =
  (table: FieldTable): Stage =>
  async (db, options, layout, staging, scans, { signal, onProgress, recut }) => {
    const naming = readNaming(db)
    const assigned = await partsOf(db, options, scans, signal)
    // Some that came meanwhile have no file.
    const judges = assigned && !layout.files.some(({ part }) => part === judgesPart) ? null : judgesIn(db, options)
    const crops = layout.crops
      ? await CropWriter.begin(db, naming, layout.crops.prefix, staging.reserve(layout.crops.path), recut)
      : null
    const handles: FileHandle[] = []
    try {
      for (const file of layout.files) handles.push(await open(staging.reserve(file.path), 'wx'))
      for (const handle of handles) await handle.appendFile(csvText([table.header], options.spreadsheetSafe))
      let rows = 0
      let judging = 0
      const stale = new Map<string, number>()
      for await (const { rows: looked, done, total } of chosenRows(db, options, scans, signal)) {
        for (const { omitted } of looked)
          if (omitted !== null && isStale(omitted)) stale.set(omitted, (stale.get(omitted) ?? 0) + 1)
        const chunk = looked.filter(({ omitted }) => omitted === null).map(({ row }) => row)
        const cropNames = await crops?.write(chunk, signal)
        const nameOf = (row: ExportRow): string =>
          (traitsOf(options.format).trains ? cropNames?.get(row.id) : undefined) ?? fileName(naming, row)
        for (const [index, handle] of handles.entries()) {
          const own = chunk.filter((row) => fileIndex(layout, assigned, judges, row) === index)
          const cells = own.map((row) => table.cells(row, nameOf(row)))
          if (cells.length) await handle.appendFile(csvText(cells, options.spreadsheetSafe))
        }
        rows += chunk.length
        if (judges) judging += chunk.filter((row) => judges.has(row)).length
        onProgress?.(done, total)
      }
      await crops?.finish()
      for (const handle of handles) await handle.sync()
      const notes = judging > 0 && !options.split ? [judgesNote(judging)] : []
      return { rows, crops: crops?.written ?? 0, stale, assigned, notes }
    } finally {
      for (const handle of handles) await handle.close()
    }
  }

function refuseWhatIsThere(layout: Layout, { overwrite }: ExportOptions): void {
  for (const { path, exists } of targetsOf(layout)) {
    if (!exists) continue
    const isCrops = path === layout.crops?.path
    const isFolder = statSync(path).isDirectory()
    if (isFolder !== isCrops) {
      throw new NominaError('refused', `${path} is a ${isFolder ? 'folder' : 'file'}: choose another name.`)
    }
    if (isCrops && !isOurs(path)) {
      throw new NominaError('exists', say('otherFiles', { path }))
    }
    if (!overwrite) throw new NominaError('exists', say('isThere', { path }))
  }
}

const isOurs = (folder: string): boolean => existsSync(join(folder, folderMark)) || readdirSync(folder).length === 0
