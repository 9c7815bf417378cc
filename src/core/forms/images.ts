/** Images of fields, pages and templates as a window shows them. */
import { readFile } from 'node:fs/promises'
import type { ImageSize } from '../../shared/contract'
import type { PageImageSize } from '../../shared/contract/forms'
import type { Project } from '../project'
import { fieldImage, cropsFolder, type FieldImage } from '../crop'
import { thumbnailPath } from '../../reading/images'
import { askForPicture } from '../../reading/pages/process'
import { messageOf, NominaError, say } from '../../shared/failure'
import { findFile } from '../recognise/files'
import type { ReadOnlyDatabase } from '../store'
import { templateImage } from '../store/templates'
import { readPage, recutField } from './pipeline'
import { readTemplate } from './templates'

/** px of the longer side. */
const longestOf = { thumbnail: 320, screen: 1800, full: null } as const

/** As `fieldImage`; a crop that is gone is cut from its page again. @throws NominaError as `fieldImage` */
export async function cropImage(
  project: Project,
  fieldId: number,
  size: ImageSize,
  signal?: AbortSignal
): Promise<FieldImage> {
  const { db } = project
  try {
    return await fieldImage(db, fieldId, size, signal)
  } catch (error) {
    if (!(error instanceof NominaError) || error.code !== 'lost-crop') throw error
    try {
      await recutField(db, project.pages, fieldId)
      return await fieldImage(db, fieldId, size, signal)
    } catch (again) {
      throw new NominaError('not-found', `${error.message} ${messageOf(again)}`, { cause: again })
    }
  }
}

/**
 * A thumbnail is upright and was made with the crops; the others are as stored, so that corners lie where they lie.
 * @throws NominaError `not-found`, `unreadable`
 */
export async function pageImage(project: Project, pageId: number, size: PageImageSize): Promise<FieldImage> {
  const { db } = project
  const page = readPage(db, pageId)
  if (page.sha256 === null) throw new NominaError('not-found', say('pageUnreadable'))
  const etag = `"${page.sha256.slice(0, 32)}-${page.number}-${size === 'thumbnail' ? page.turns : 0}-${size}"`
  const type = 'image/jpeg'
  if (size === 'thumbnail') {
    const path = thumbnailPath(cropsFolder(db), page.sha256, page.number)
    const made = page.turns
      ? await askForPicture('turned', { path, turns: page.turns }).catch(() => null)
      : { bytes: await readFile(path).catch(() => null) }
    if (made?.bytes) return { bytes: Buffer.from(made.bytes), type, etag }
  }
  const found = await findFile(db, page.sha256)
  if ('reason' in found) throw new NominaError('not-found', found.reason)
  const { bytes } = await askForPicture('picture', {
    path: found.path,
    number: page.number,
    turns: size === 'thumbnail' ? page.turns : 0,
    longest: longestOf[size],
    type: 'jpeg'
  })
  return { bytes: Buffer.from(bytes), type, etag }
}

/** A page with all its pixels as they are stored, as a PNG. @throws NominaError `not-found`, `unreadable` */
export async function storedPage(db: ReadOnlyDatabase, pageId: number): Promise<Uint8Array> {
  const page = readPage(db, pageId)
  const found = page.sha256 === null ? null : await findFile(db, page.sha256)
  if (!found || 'reason' in found)
    throw new NominaError('not-found', found?.reason ?? 'The page’s file could not be read.')
  const { bytes } = await askForPicture('picture', {
    path: found.path,
    number: page.number,
    turns: 0,
    longest: null,
    type: 'png'
  })
  return bytes
}

/** @throws NominaError `not-found` */
export function shownTemplate(project: Project, id: number): Promise<FieldImage> {
  const { db } = project
  const { imageSha256 } = readTemplate(db, id)
  return Promise.resolve({ bytes: templateImage(db, id)!, type: 'image/png', etag: `"${imageSha256}"` })
}
