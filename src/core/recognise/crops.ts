/** What is read of an image: its file, or the lines of a crop one by one, whose readings are joined. */
import { cropsFolder } from '../crop'
import { cropPath, isThere } from '../../reading/images'
import { messageOf } from '../../shared/failure'
import type { ReadOnlyDatabase } from '../store'
import { linesOfImage, type LineOfCrop } from '../store/page-fields'
import type { FieldToRead } from '../store/readings'
import { findFile } from './files'
import { joinLines, type EngineItem, type EngineResult } from '../../reading/engine'

/** Cuts an image again from its page where its crop is gone. */
export type Recut = (imageId: number) => Promise<void>

interface Asked {
  imageId: number
  items: EngineItem[]
  lines: LineOfCrop[]
}

/** Keys of items in one request: whole images go by their own id, lines by what follows the largest of these. */
export async function itemsOf(
  db: ReadOnlyDatabase,
  images: FieldToRead[],
  recut: Recut | undefined
): Promise<{ items: EngineItem[]; resultsOf(results: EngineResult[]): EngineResult[] }> {
  let key = Math.max(0, ...images.map(({ imageId }) => imageId)) + 1
  const failed: EngineResult[] = []
  const asked: Asked[] = []
  await Promise.all(
    images.map(async (image) => {
      const { imageId, page, rotation } = image
      const lines = linesOfImage(db, imageId)
      const found = await pathsOf(db, image, lines, recut).catch((error: unknown) => ({ reason: messageOf(error) }))
      if ('reason' in found) failed.push({ key: imageId, ok: false, reason: found.reason })
      else if (lines.length === 0)
        asked.push({ imageId, lines, items: [{ key: imageId, path: found.paths[0]!, page, rotation }] })
      else
        asked.push({ imageId, lines, items: found.paths.map((path) => ({ key: key++, path, page: 1, rotation: 0 })) })
    })
  )
  const resultsOf = (results: EngineResult[]): EngineResult[] => {
    const byKey = new Map(results.map((result) => [result.key, result]))
    return [
      ...failed,
      ...asked.map(({ imageId, items, lines }) =>
        joinLines(
          imageId,
          items.map((item) => byKey.get(item.key)!),
          lines
        )
      )
    ]
  }
  return { items: asked.flatMap(({ items }) => items), resultsOf }
}

/** Files of what is read of an image, its lines' one by one; never throws but what `recut` does. */
export async function pathsOf(
  db: ReadOnlyDatabase,
  { imageId, sha256 }: Pick<FieldToRead, 'imageId' | 'sha256'>,
  lines: LineOfCrop[],
  recut: Recut | undefined
): Promise<{ paths: string[] } | { reason: string }> {
  const folder = cropsFolder(db)
  const wanted = lines.length ? lines.map((line) => line.sha256) : [sha256]
  const paths = wanted.map((hash) => cropPath(folder, hash))
  const there = async (): Promise<boolean> => (await Promise.all(paths.map(isThere))).every(Boolean)
  if (await there()) return { paths }
  if (!lines.length) {
    const found = await findFile(db, sha256)
    if ('path' in found) return { paths: [found.path] }
    if (!recut || found.imported) return found
  }
  await recut?.(imageId)
  return (await there())
    ? { paths }
    : { reason: 'Its crop is gone from the project’s folder. Register its page again.' }
}
