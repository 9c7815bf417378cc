/** Whether a folder's images are whole pages or single fields, told by looking at some of them. */
import { uprightSize } from '../../reading/images/header'
import { askFiles } from '../../reading/pages/process'
import type { ScannedFile } from './scan'

export type Looks = 'fields' | 'pages' | 'unsure'

const mostLookedAt = 15
/** A look is a few ms; a slow disk must not keep a person waiting. */
const mostMs = 2000
/** So many are looked at all the same: a busy machine only begins within that time, and would have seen none. */
const fewest = 3
/** Of those looked at: fewer of one kind are a mixture. */
const mostly = 0.8

/** A sheet of paper is about as high as wide, and a scan of it has room for many lines. A field is a strip. */
export function looksOf({ width, height }: { width: number; height: number }): Looks {
  const aspect = width / height
  if (aspect > 0.45 && aspect < 2.2 && Math.min(width, height) >= 700) return 'pages'
  if (height <= 400 && (aspect >= 1.8 || width * height <= 250_000)) return 'fields'
  return 'unsure'
}

/** @param sizeOf px of an image, upright; null where it can't be read */
export async function looksOfFiles(
  files: readonly Pick<ScannedFile, 'absolute' | 'format'>[],
  sizeOf: (path: string) => Promise<{ width: number; height: number } | null> = sizeOfImage
): Promise<Looks> {
  const images = files.filter(({ format }) => format !== 'pdf')
  if (images.length === 0) return files.length > 0 ? 'pages' : 'unsure'
  const until = performance.now() + mostMs
  const seen: Looks[] = []
  for (const { absolute } of spread(images)) {
    if (seen.length >= fewest && performance.now() > until) break
    const size = await sizeOf(absolute)
    if (size) seen.push(looksOf(size))
  }
  const share = (kind: Looks): number => seen.filter((one) => one === kind).length / Math.max(1, seen.length)
  if (share('pages') >= mostly) return 'pages'
  return share('fields') >= mostly ? 'fields' : 'unsure'
}

/** From the first to the last: the sheets of a batch often begin with a cover. */
function spread<T>(all: readonly T[]): T[] {
  if (all.length <= mostLookedAt) return [...all]
  return Array.from({ length: mostLookedAt }, (_, index) => all[Math.floor((index * all.length) / mostLookedAt)]!)
}

async function sizeOfImage(path: string): Promise<{ width: number; height: number } | null> {
  try {
    return uprightSize((await askFiles('image', { path, page: 1, whole: false })).header)
  } catch {
    return null // the import says what is wrong with it
  }
}
