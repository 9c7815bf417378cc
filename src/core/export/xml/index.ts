/** Pages as PAGE XML or ALTO: one file a page, in folders as the sources lie. */
import { existsSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { ExportOptions } from '../../../shared/domain'
import { NominaError, say } from '../../../shared/failure'
import type { ReadOnlyDatabase } from '../../store'
import { findPage, pageIds, pageRows, scanOfPage } from '../../store/pages'
import { writeFailure } from '../failures'
import { refuseMismatch } from '../layout'
import { fileName, readNaming, unused } from '../names'
import { lookAtScans, notesOnScans, type Scans } from '../scans'
import { folderMark, Staging } from '../staging'
import type { WriteControl, WriteResult } from '../write'
import { contentOfPage, type PageContent } from './collect'
import { turn } from '../../store/slices'

/** What a page's file says. @param time of the export, ISO */
export type PageWriter = (content: PageContent, time: string) => string

const stalePages = 'the scan has changed or is gone'

/**
 * Texts are of decided fields, or of all that have one; places are of all. All or nothing: whole files under their names, or none.
 * @throws as `writeExport`
 */
export async function writePages(
  write: PageWriter,
  db: ReadOnlyDatabase,
  options: ExportOptions,
  control: WriteControl
): Promise<WriteResult> {
  const rows = options.rows === 'decided' ? 'decided' : 'all'
  const { signal, onProgress, onScans, picture } = control
  const scans = await lookAtScans(db, control)
  const plan = planOfPages(db, options, scans)
  const { folder, ids, left } = plan
  const targets = plan.names.map((name) => join(folder, name))
  if (plan.existing && !options.overwrite) throw new NominaError('exists', say('isThere', { path: plan.existing }))
  const time = new Date().toISOString()
  let staging: Staging | null = null
  let madeImages = false
  try {
    staging = await Staging.begin(folder, dirname(db.name))
    for (const [index, id] of ids.entries()) {
      if (index % 20 === 0) await turn(db, signal)
      const image = imageOf(db, id, folder, targets[index]!)
      if (image.made && picture) await writeWhole(staging, image.path, await picture(id))
      const path = image.made && !picture ? image.source : image.path
      const content = contentOfPage(db, id, rows, pathFrom(dirname(targets[index]!), path))
      await writeWhole(staging, targets[index]!, write(content, time))
      madeImages ||= image.made && picture !== undefined
      onProgress?.(index + 1, ids.length)
    }
    if (madeImages) await writeWhole(staging, join(folder, imagesFolder, folderMark), 'Images of exported pages\n')
    await staging.commit()
    const stale = plan.stale ? [{ reason: stalePages, count: plan.stale }] : []
    onScans?.({ stale, left, notes: notesOnScans(scans) })
    return { files: targets, rows: ids.length, crops: 0 }
  } catch (error) {
    await staging?.discard()
    throw writeFailure(error, folder)
  }
}

export interface PagesPlan {
  folder: string
  ids: number[]
  /** The files' names in the folder, in the order of the ids. */
  names: string[]
  /** The first of them that is there already. */
  existing: string | undefined
  /** Pages that lie on no template, and those left out for what became of their scan. */
  left: number
  stale: number
}

/** What would be written. @throws NominaError('invalid-input') what pages can't be written with */
export function planOfPages(db: ReadOnlyDatabase, options: ExportOptions, scans: Scans): PagesPlan {
  refuseMismatch(options)
  const { out, stale = false } = options
  const folder = resolve(out)
  const matched = pageIds(db, { status: 'matched' })
  const ids = stale ? matched : matched.filter((id) => !scans.problems.has(findPage(db, id)!.sourceId))
  const names = namesOf(db, ids)
  const existing = names.map((name) => join(folder, name)).find((target) => existsSync(target))
  const left = pageIds(db, {}).length - matched.length
  return { folder, ids, names, existing, left, stale: matched.length - ids.length }
}

/** Pages of PDFs and of TIFFs with several are written as images here, since other programs open no others. */
const imagesFolder = 'page-images'

/** An image that shows the page and nothing else: the scan itself, or one that has to be `made` of it. */
function imageOf(
  db: ReadOnlyDatabase,
  pageId: number,
  folder: string,
  target: string
): { source: string; path: string; made: boolean } {
  const { root, file, format, pages } = scanOfPage(db, pageId)
  const source = join(root, file)
  if (pages === 1 && format !== 'pdf') return { source, path: source, made: false }
  const name = relative(folder, target).replace(/\.xml$/, '.png')
  return { source, path: join(folder, imagesFolder, name), made: true }
}

const pathFrom = (folder: string, path: string): string => relative(folder, path).split(sep).join('/')

async function writeWhole(staging: Staging, target: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(target), { recursive: true })
  const file = await open(staging.reserve(target), 'wx')
  await file.writeFile(content)
  await file.sync()
  await file.close()
}

/** Like the source's, with the page's number where it has several. */
function namesOf(db: ReadOnlyDatabase, ids: number[]): string[] {
  const naming = readNaming(db)
  const taken = new Set<string>()
  return ids.map((id) => {
    const [page] = pageRows(db, [id])
    const path = fileName(naming, { rootId: scanOfPage(db, id).rootId, path: page!.file })
    const stem = path
      .replace(/\.[^./]+$/, '')
      .split('/')
      .filter((step) => step !== '..')
      .join('/')
    const number = page!.pages > 1 ? `-p${String(page!.number).padStart(String(page!.pages).length, '0')}` : ''
    return unused(`${stem}${number}`, taken, '.xml')
  })
}
