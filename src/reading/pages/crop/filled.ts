/** A template made of a filled page: what was written in its fields is no print, and would be taken out of every page. */
import type { GreyImage } from '../vision/image'
import type { Box } from '../register/types'

/** Darker than this below paper may be print. */
const inkDepth = 70
/** A printed line reaches over this share of a field's width or height; strokes of a hand do not. */
const lineShare = 0.3
/** px: the dots of a dotted line are no further apart. */
const widestGap = 6
/** px: the soft edges of a line belong to it. */
const rim = 2

/** The image with all but printed lines painted over within these fields. */
export function withoutWriting(image: GreyImage, fields: readonly Box[]): GreyImage {
  const data = Uint8Array.from(image.data)
  for (const field of fields) {
    const left = Math.max(0, Math.round(field.x))
    const top = Math.max(0, Math.round(field.y))
    const width = Math.min(image.width, Math.round(field.x + field.width)) - left
    const height = Math.min(image.height, Math.round(field.y + field.height)) - top
    if (width < 1 || height < 1) continue
    const at = (x: number, y: number): number => (top + y) * image.width + left + x
    const kept = new Uint8Array(width * height)
    const keep = (x: number, y: number): void => {
      for (let row = Math.max(0, y - rim); row <= Math.min(height - 1, y + rim); row++)
        for (let column = Math.max(0, x - rim); column <= Math.min(width - 1, x + rim); column++)
          kept[row * width + column] = 1
    }
    const isInk = (x: number, y: number): boolean => image.data[at(x, y)]! < 255 - inkDepth
    for (let y = 0; y < height; y++)
      for (const x of longRuns(width, lineShare * width, (place) => isInk(place, y))) keep(x, y)
    for (let x = 0; x < width; x++)
      for (const y of longRuns(height, Math.max(lineShare * width, 0.8 * height), (place) => isInk(x, place)))
        keep(x, y)
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (!kept[y * width + x]) data[at(x, y)] = 255
  }
  return { ...image, data }
}

/** Places of ink in runs of at least `least`, with small gaps. */
function longRuns(length: number, least: number, isInk: (place: number) => boolean): number[] {
  const found: number[] = []
  let run: number[] = []
  const end = (): void => {
    if (run.length && run.at(-1)! - run[0]! + 1 >= least) found.push(...run)
    run = []
  }
  for (let place = 0; place < length; place++) {
    if (!isInk(place)) continue
    if (run.length && place - run.at(-1)! > widestGap) end()
    run.push(place)
  }
  end()
  return found
}
