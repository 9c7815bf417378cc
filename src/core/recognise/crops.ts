/** What is read of an image: its file, or the lines of a crop one by one, whose readings are joined. */
import { cropsFolder } from '../crop'
import { cropPath, isThere } from '../../reading/images'
import { messageOf } from '../../shared/failure'
import type { ReadOnlyDatabase } from '../store'
import { linesOfImage, type LineOfCrop } from '../store/page-fields'
import type { FieldToRead } from '../store/readings'
import { findFile } from './files'
import type { EngineItem, EngineResult } from '../../reading/engine'

/** Cuts an image again from its page where its crop is gone. */
export type Recut = (imageId: number) => Promise<void>

interface Asked {
  imageId: number
  items: EngineItem[]
  lines: LineOfCrop[]
}

/** Most combinations of lines that are given as alternatives. */
const mostAlternatives = 5

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

async function pathsOf(
  db: ReadOnlyDatabase,
  { imageId, sha256 }: FieldToRead,
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
    if (!recut) return found
  }
  await recut?.(imageId)
  return (await there())
    ? { paths }
    : { reason: 'Its crop is gone from the project’s folder. Register its page again.' }
}

/** Positions of a line's characters become those of the crop; several lines are one text with spaces between them. */
export function joinLines(imageId: number, results: EngineResult[], lines: LineOfCrop[]): EngineResult {
  const [first] = results
  const failure = results.find((result) => !result.ok)
  if (failure) return { ...failure, key: imageId }
  if (!lines.length) return { ...first!, key: imageId }
  const read = results as Extract<EngineResult, { ok: true }>[]
  const shifted = read.map((result, index) => ({
    ...result,
    characters: result.characters.map((character) => ({
      ...character,
      start: character.start + lines[index]!.x,
      end: character.end + lines[index]!.x
    }))
  }))
  if (shifted.length === 1) return { ...shifted[0]!, key: imageId }
  const told = shifted.filter(({ text }) => text !== '')
  return {
    key: imageId,
    ok: true,
    text: told.map(({ text }) => text).join(' '),
    // Lines are read apart from each other: all are right with the product of their probabilities.
    confidence: shifted.reduce((product, { confidence }) => product * confidence, 1),
    calibrated: shifted.every(({ calibrated }) => calibrated),
    characters: told.flatMap(({ characters }, index) => {
      const end = told[index - 1]?.characters.at(-1)?.end ?? 0
      return index === 0 ? characters : [{ text: ' ', confidence: 1, start: end, end }, ...characters]
    }),
    alternatives: combinations(
      told.map(({ alternatives, text, confidence }) =>
        alternatives.length ? alternatives : [{ text, probability: confidence }]
      )
    ),
    width: Math.max(...lines.map(({ x, width }) => x + width)),
    height: Math.max(...lines.map(({ y, height }) => y + height))
  }
}

interface Alternative {
  text: string
  probability: number
}

/** The likeliest joined texts, best first. */
function combinations(lines: Alternative[][]): Alternative[] {
  const [first = [], ...rest] = lines
  return rest.reduce(
    (joined, line) =>
      joined
        .flatMap((before) =>
          line.map(({ text, probability }) => ({
            text: [before.text, text].filter((part) => part !== '').join(' '),
            probability: before.probability * probability
          }))
        )
        .sort((a, b) => b.probability - a.probability)
        .slice(0, mostAlternatives),
    first
  )
}
