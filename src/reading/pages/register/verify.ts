/** How much of a template's print is found at its place on a page, part by part: numbers, not yet a judgement. */
import { warp, type GreyImage } from '../vision/image'
import type { Cv } from '../vision/opencv'
import { inkDepth, patchReach, type PrintedTemplate } from './printed'
import type { Homography } from './types'

export interface Evidence {
  /** Share of the patches that are found. */
  found: number
  /** The median of the patches' likeness, −1 to 1. */
  likeness: number
  /** Share found in the part of the form where it is lowest, and in the next. */
  worstRegion: number
  secondRegion: number
  /** Share found around the field where it is lowest; as `found` where fields have no print around them. */
  worstField: number
  /** Of all places with print or ink outside fields, those where the template has none. */
  foreign: number
  /** Share of the patches that lie on the page at all. */
  onPage: number
}

/** Working px a patch may be away from its place. */
const slack = 2
/** From this correlation on a patch counts as found. */
const alike = 0.5
/** A region or field with fewer patches says nothing. */
const leastPatches = 3
/** Working px around print that still belong to it. */
const halo = 5
/** Cells in which foreign ink is looked for, working px; and ink pixels in one that are more than dirt. */
const cellSize = 24
const leastForeign = 12

export interface Verification {
  evidence: Evidence
  /** Likeness of each patch; NaN off the page. */
  likenesses: Float32Array
}

export function verify(cv: Cv, printed: PrintedTemplate, page: GreyImage, transform: Homography): Verification {
  const { width, height } = printed.image
  const view = warp(cv, page, transform, width, height)
  const likenesses = Float32Array.from(printed.patches, ({ x, y }) =>
    liesOn(page, transform, x, y) ? likenessAt(printed, view, x, y) : NaN
  )
  const on = likenesses.filter((likeness) => !Number.isNaN(likeness)).sort()
  const found = share(likenesses, () => true) ?? 0
  const regions = Array.from({ length: printed.regionCount }, (_, region) =>
    share(likenesses, (index) => printed.patches[index]!.region === region)
  ).flatMap((value) => (value === null ? [] : [value]))
  regions.sort((a, b) => a - b)
  const fields = printed.fields.flatMap((_, field) => {
    const value = share(likenesses, (index) => printed.patches[index]!.fields.includes(field))
    return value === null ? [] : [value]
  })
  const evidence: Evidence = {
    found,
    likeness: on.length > 0 ? on[on.length >> 1]! : 0,
    worstRegion: regions[0] ?? found,
    secondRegion: regions[1] ?? regions[0] ?? found,
    worstField: Math.min(found, ...fields),
    foreign: foreignShare(printed, view),
    onPage: likenesses.length > 0 ? on.length / likenesses.length : 0
  }
  return { evidence, likenesses }
}

function share(likenesses: Float32Array, wanted: (index: number) => boolean): number | null {
  let count = 0
  let found = 0
  for (let index = 0; index < likenesses.length; index++) {
    const likeness = likenesses[index]!
    if (Number.isNaN(likeness) || !wanted(index)) continue
    count++
    if (likeness >= alike) found++
  }
  return count >= leastPatches ? found / count : null
}

function liesOn(page: GreyImage, m: Homography, x: number, y: number): boolean {
  const w = m[6] * x + m[7] * y + m[8]
  const px = (m[0] * x + m[1] * y + m[2]) / w
  const py = (m[3] * x + m[4] * y + m[5]) / w
  return px >= patchReach && py >= patchReach && px < page.width - patchReach && py < page.height - patchReach
}

/** The best normalised cross-correlation of a patch within `slack`, of every second pixel. */
function likenessAt({ image, mask }: PrintedTemplate, view: GreyImage, centreX: number, centreY: number): number {
  const { width, height } = image
  const places: number[] = []
  let sum = 0
  let squares = 0
  for (let y = centreY - patchReach; y <= centreY + patchReach; y += 2)
    for (let x = centreX - patchReach; x <= centreX + patchReach; x += 2) {
      const at = y * width + x
      if (!mask.data[at]) continue
      places.push(at)
      const value = image.data[at]!
      sum += value
      squares += value * value
    }
  const count = places.length
  const variance = squares - (sum * sum) / count
  let best = -1
  for (let down = -slack; down <= slack; down++)
    for (let across = -slack; across <= slack; across++) {
      if (centreY + down < patchReach || centreY + down + patchReach >= height) continue
      const shift = down * width + across
      let total = 0
      let square = 0
      let product = 0
      for (let index = 0; index < count; index++) {
        const at = places[index]!
        const value = view.data[at + shift]!
        total += value
        square += value * value
        product += value * image.data[at]!
      }
      const spread = square - (total * total) / count
      // Paper has no pattern to be alike.
      if (spread < 60 * count) continue
      best = Math.max(best, (product - (sum * total) / count) / Math.sqrt(variance * spread))
    }
  return best
}

/** The sheet's own edges, working px: what shows there may be the table under it. */
const rim = 24

function foreignShare(printed: PrintedTemplate, view: GreyImage): number {
  const { width, height } = view
  const explained = explainedBy(printed)
  let foreign = 0
  for (let top = rim; top < height - rim; top += cellSize)
    for (let left = rim; left < width - rim; left += cellSize) {
      let ink = 0
      for (let y = top; y < Math.min(height - rim, top + cellSize); y++)
        for (let x = left; x < Math.min(width - rim, left + cellSize); x++) {
          const at = y * width + x
          if (!explained[at] && view.data[at]! < 255 - inkDepth) ink++
        }
      if (ink >= leastForeign) foreign++
    }
  return foreign / Math.max(1, printed.patches.length + foreign)
}

const explanations = new WeakMap<PrintedTemplate, Uint8Array>()

/** 1 at and around print, and in and around fields. */
function explainedBy(printed: PrintedTemplate): Uint8Array {
  const known = explanations.get(printed)
  if (known) return known
  const { data, width, height } = printed.image
  const result = new Uint8Array(width * height)
  const fill = (left: number, top: number, right: number, bottom: number): void => {
    const from = Math.max(0, Math.round(left))
    const to = Math.max(from, Math.min(width, Math.round(right)))
    for (let y = Math.max(0, Math.round(top)); y < Math.min(height, bottom); y++)
      result.fill(1, y * width + from, y * width + to)
  }
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (data[y * width + x]! < 255 - inkDepth / 2) fill(x - halo, y - halo, x + halo + 1, y + halo + 1)
  for (const { x, y, width: across, height: down } of printed.fields) {
    const reach = down * 0.4
    fill(x - reach, y - reach, x + across + reach, y + down + reach)
  }
  explanations.set(printed, result)
  return result
}
