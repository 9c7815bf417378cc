/** Which fields a model was trained on, as its manifest tells: their scores say nothing of what it reads elsewhere. */
import { contentsWith, fileHash } from './contents'
import type { ReadOnlyDatabase } from './handle'
import { isShown } from './removals'
import { reading } from './statements'

interface TrainedOn {
  /** By content, as `pictureHash` names them: learnt from as people decided, and as they were read. */
  images: string[]
  read: string[]
}

/** A page of a file, or a turned one, is another picture than the file: 64 hexadecimal digits all the same. */
export function pictureHash({ sha256, page, rotation }: { sha256: string; page: number; rotation: number }): string {
  if (page === 1 && rotation === 0) return sha256
  const suffix = `${page.toString(16)}${rotation}`
  return sha256.slice(0, sha256.length - suffix.length) + suffix
}

/** Null: the manifest does not tell. */
function trainedOn(db: ReadOnlyDatabase, modelId: number): TrainedOn | null {
  const manifest = reading<[number], { json: string }>(db, 'SELECT manifest AS json FROM models WHERE id = ?').get(
    modelId
  )
  const { trainedOn: told } = JSON.parse(manifest?.json ?? '{}') as { trainedOn?: Partial<TrainedOn> }
  return told && Array.isArray(told.images) ? { images: told.images, read: told.read ?? [] } : null
}

/**
 * Whether it is known what a model was trained on: its manifest tells, or it is one of those that ship with Nomina, which nobody's
 * project was learnt from.
 * @param shipped hashes of these
 */
export function isTrainingKnown(db: ReadOnlyDatabase, modelId: number, shipped: ReadonlySet<string>): boolean {
  const hash = reading<[number], { hash: string }>(db, 'SELECT hash FROM models WHERE id = ?').get(modelId)?.hash
  return (hash !== undefined && shipped.has(hash)) || trainedOn(db, modelId) !== null
}

/** A field's picture, and what its file shows where the field is all of it. */
export interface Picture {
  sha256: string
  page: number
  rotation: number
  contentId: number | null
}

/** SQL: these of the field `f` with the image `i` and the source `s`. */
export const pictureColumns = `i.sha256, i.page, i.rotation, CASE WHEN f.page_id IS NULL THEN s.content_id END AS contentId`

const turns = [0, 1, 2, 3]

/** What a model was trained on, by content: however it lies, and in whatever bytes. */
export function learntBy(db: ReadOnlyDatabase, modelId: number): (picture: Picture) => boolean {
  const told = trainedOn(db, modelId)
  const hashes = new Set(told ? [...told.images, ...told.read] : [])
  if (!hashes.size) return () => false
  const contents = new Set(
    contentsWith(
      db,
      [...hashes].map((hash) => fileHash(hash))
    )
  )
  return ({ sha256, page, rotation: _, contentId }) =>
    (contentId !== null && contents.has(contentId)) ||
    turns.some((rotation) => hashes.has(pictureHash({ sha256, page, rotation })))
}

/** The same of readings, each by the model that made it. */
export function learntOnes(db: ReadOnlyDatabase): (reading: Picture & { modelId: number }) => boolean {
  const known = new Map<number, (picture: Picture) => boolean>()
  return (field) => {
    const isLearnt = known.get(field.modelId) ?? learntBy(db, field.modelId)
    known.set(field.modelId, isLearnt)
    return isLearnt(field)
  }
}

/** What tells one version of a field's picture from the next, by field; of fields that are not shown, none. */
export const imageVersions = (db: ReadOnlyDatabase, fieldIds: readonly number[]): Map<number, string> =>
  new Map(
    reading<[string], { id: number; version: string }>(
      db,
      `SELECT f.id, substr(CASE WHEN f.page_id IS NULL THEN s.sha256 ELSE i.sha256 END, 1, 16) || '-' || f.page || '-' || f.rotation
         AS version
       FROM json_each(?) wanted JOIN fields f ON f.id = wanted.value AND ${isShown('f')}
       JOIN sources s ON s.id = f.source_id JOIN images i ON i.id = f.image_id`
    )
      .all(JSON.stringify(fieldIds))
      .map(({ id, version }) => [id, version])
  )
