/** The image of a field as a browser can show it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImageSize } from '../../shared/contract'
import { inEnglish, NominaError, say } from '../../shared/failure'
import { isAsImported, type ImportedBytes } from '../ingest'
import type { ReadOnlyDatabase } from '../store'
import { fileOfField, filesWithBytes, type FieldFile, type ImportedFile } from '../store/readings'
import { ByteCache } from './cache'
import { cropPath, isThere } from '../../reading/images'
import { cropsFolder } from './folder'
import type { Part, ShownField } from '../../reading/images/shown'
import { askForPicture } from '../../reading/pages/process'
import { reasonOfSystemError } from '../../reading/images/reasons'

export interface FieldImage {
  bytes: Buffer
  /** Media type. */
  type: string
  /** Names the pixels, quoted as in HTTP: same tag, same image. */
  etag: string
}

const thumbnails = new ByteCache<FieldImage>(24 * 1024 * 1024)

/**
 * `thumbnail`: at most 64 px high, JPEG. `full`: all pixels, upright and turned; the file's own bytes where a browser
 * shows them so, else PNG.
 * @throws NominaError `not-found` where there is no such field or file, `lost-crop` where it must be cut from its page again,
 * `unreadable` where it is damaged; the signal's reason
 */
export async function fieldImage(
  db: ReadOnlyDatabase,
  fieldId: number,
  size: ImageSize,
  signal?: AbortSignal
): Promise<FieldImage> {
  const field = findField(db, fieldId)
  const etag = `"${field.crop ?? field.sha256 ?? `field-${fieldId}`}-${field.page}-${field.rotation}-${size}"`
  const cached = thumbnails.get(etag)
  if (cached) return cached
  const path = await existingFile(db, field)
  const { page, rotation } = field
  const { bytes, own, type } = await askForPicture('field', { path, page, rotation, size }, signal)
  const made = bytes ?? own
  const image = { bytes: made ? Buffer.from(made) : await readFile(path), type, etag }
  if (size === 'thumbnail' && field.sha256) thumbnails.set(etag, image)
  return image
}

/** A JPEG of these columns of a field, at most 64 px high: nothing else of it is in it. @throws NominaError as `fieldImage` */
export async function fieldPart(db: ReadOnlyDatabase, fieldId: number, part: Part): Promise<Buffer> {
  const { bytes } = await askForPicture('field', { ...(await fieldFile(db, fieldId)), size: 'thumbnail', part })
  return Buffer.from(bytes!)
}

/** Where a field's pixels are. @throws NominaError as `fieldImage` */
export async function fieldFile(db: ReadOnlyDatabase, fieldId: number): Promise<ShownField> {
  const field = findField(db, fieldId)
  return { path: await existingFile(db, field), page: field.page, rotation: field.rotation }
}

function findField(db: ReadOnlyDatabase, fieldId: number): FieldFile {
  const field = fileOfField(db, fieldId)
  if (!field) throw new NominaError('not-found', `There is no field with the number ${fieldId}.`)
  // A crop is a file of one image.
  return field.crop === null ? field : { ...field, page: 1 }
}

/** The field's own file, else another one with the same bytes; never one that shows something else by now. */
async function existingFile(db: ReadOnlyDatabase, field: FieldFile): Promise<string> {
  if (field.crop !== null) {
    const crop = cropPath(cropsFolder(db), field.crop)
    if (await isThere(crop)) return crop
    throw new NominaError('lost-crop', `The crop ${crop} is not there any more.`)
  }
  const own = join(field.folder, field.path)
  const problem = await problemOf(db, own, field)
  if (problem === null) return own
  for (const twin of twins(db, field)) {
    const path = join(twin.folder, twin.path)
    if ((await problemOf(db, path, { ...twin, sha256: field.sha256 })) === null) return path
  }
  throw new NominaError('not-found', `${problem} (${own})`)
}

/** Why a file can't be shown as what was imported; one that could never be read has to say so itself. */
const problemOf = (db: ReadOnlyDatabase, path: string, known: ImportedBytes): Promise<string | null> =>
  isAsImported(db, path, known).then(
    (same) => (same || known.sha256 === null ? null : inEnglish(say('fileChanged'))),
    (error: unknown) => reasonOfSystemError(error) ?? 'The file is not there any more.'
  )

function twins(db: ReadOnlyDatabase, { sha256 }: FieldFile): ImportedFile[] {
  if (!sha256) return []
  return filesWithBytes(db, sha256)
}
