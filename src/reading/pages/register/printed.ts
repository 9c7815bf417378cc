/** What is printed on a template, prepared once for all pages: edges to align by, patches to verify by, keypoints to start from. */
import { apply } from '../vision/homography'
import type { GreyImage } from '../vision/image'
import type { Cv } from '../vision/opencv'
import { findOutlines } from './outlines'
import { findKeypoints, workingPage, type Keypoints } from './page'
import type { Box, Homography, Quad, Template, TemplateField } from './types'

/** Pixels at edges of print, for alignment; coordinates are working px of the level. */
export interface EdgeSamples {
  count: number
  x: Float32Array
  y: Float32Array
  /** 0 paper … 255 ink. */
  ink: Float32Array
  /** Change of ink a px. */
  gradientX: Float32Array
  gradientY: Float32Array
}

/** A small square with print in it, centre in working px. */
export interface Patch {
  x: number
  y: number
  /** Which part of the form it belongs to. */
  region: number
  /** Indices of the fields that it lies at. */
  fields: number[]
}

export interface PrintedTemplate {
  template: Template
  /** Working px of template px. */
  resized: Homography
  /** Working size, paper 255. */
  image: GreyImage
  /** 255 where print is compared, 0 well inside fields: what is written there is no print. */
  mask: GreyImage
  /** Field boxes in working px. */
  fields: Box[]
  keypoints: Keypoints
  outlines: Quad[]
  /** A quarter of the working size, fields' insides white. */
  coarse: GreyImage
  /** One for each level of a page. */
  samples: EdgeSamples[]
  patches: Patch[]
  regionCount: number
}

/** Half a patch's side, working px. */
export const patchReach = 14
/** One patch at most in each cell of so many px. */
const cellSize = 24
/** Darker than this below paper counts as print. */
export const inkDepth = 70
/** Share of a cell's pixels that are ink before it makes a patch. */
const leastInk = 0.02
/** Regions a side of the longer side. */
const regionsAlong = 5
/** Samples of one level: enough for a hundredth of a px, few enough for milliseconds. */
const mostSamples = 12_000
/** A field's edge belongs to the print: its frame may lie a little inside. Share of the field's height. */
const frameShare = 0.14

export function preparePrinted(cv: Cv, template: Template): PrintedTemplate {
  const { resized, levels } = workingPage(cv, template.image)
  const image = levels[0]!
  const fields = template.fields.map((field) => scaled(field, resized))
  const masks = levels.map((level) => maskOf(level, fields, level.width / image.width))
  const patches = findPatches(image, masks[0]!, fields)
  return {
    template,
    resized,
    image,
    mask: masks[0]!,
    fields,
    keypoints: findKeypoints(cv, image, masks[0]!),
    outlines: findOutlines(cv, masked(image, masks[0]!)),
    coarse: masked(levels[2]!, masks[2]!),
    samples: levels.map((level, index) => sampleEdges(level, masks[index]!)),
    ...patches
  }
}

const masked = (image: GreyImage, mask: GreyImage): GreyImage => ({
  ...image,
  data: image.data.map((value, index) => (mask.data[index] ? value : 255))
})

function scaled({ x, y, width, height }: TemplateField, resized: Homography): Box {
  const [left, top] = apply(resized, x, y)
  return { x: left, y: top, width: width * resized[0], height: height * resized[4] }
}

function maskOf({ width, height }: GreyImage, fields: Box[], factor: number): GreyImage {
  const data = new Uint8Array(width * height).fill(255)
  for (const field of fields) {
    const inset = frameShare * Math.min(field.width, field.height) * factor + 1
    const left = Math.max(0, Math.round(field.x * factor + inset))
    const right = Math.min(width, Math.round((field.x + field.width) * factor - inset))
    const bottom = Math.min(height, Math.round((field.y + field.height) * factor - inset))
    for (let y = Math.max(0, Math.round(field.y * factor + inset)); y < bottom; y++)
      if (right > left) data.fill(0, y * width + left, y * width + right)
  }
  return { data, width, height }
}

/** Below this change of grey between neighbours there is nothing to align by. */
const leastGradient = 12

function sampleEdges({ data, width, height }: GreyImage, mask: GreyImage): EdgeSamples {
  const found: number[] = []
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x
      if (!mask.data[at]) continue
      const across = Math.abs(data[at + 1]! - data[at - 1]!)
      const down = Math.abs(data[at + width]! - data[at - width]!)
      if (across + down >= 2 * leastGradient) found.push(at)
    }
  const step = Math.max(1, found.length / mostSamples)
  const count = Math.floor(found.length / step)
  const samples: EdgeSamples = {
    count,
    x: new Float32Array(count),
    y: new Float32Array(count),
    ink: new Float32Array(count),
    gradientX: new Float32Array(count),
    gradientY: new Float32Array(count)
  }
  for (let index = 0; index < count; index++) {
    const at = found[Math.floor(index * step)]!
    samples.x[index] = at % width
    samples.y[index] = Math.floor(at / width)
    samples.ink[index] = 255 - data[at]!
    samples.gradientX[index] = (data[at - 1]! - data[at + 1]!) / 2
    samples.gradientY[index] = (data[at - width]! - data[at + width]!) / 2
  }
  return samples
}

function findPatches(
  { data, width, height }: GreyImage,
  mask: GreyImage,
  fields: Box[]
): Pick<PrintedTemplate, 'patches' | 'regionCount'> {
  const patches: Patch[] = []
  const regionSize = Math.max(width, height) / regionsAlong
  const regionColumns = Math.ceil(width / regionSize)
  const regions = new Map<number, number>()
  for (let top = 0; top < height; top += cellSize)
    for (let left = 0; left < width; left += cellSize) {
      let ink = 0
      let sumX = 0
      let sumY = 0
      for (let y = top; y < Math.min(height, top + cellSize); y++)
        for (let x = left; x < Math.min(width, left + cellSize); x++) {
          const at = y * width + x
          if (!mask.data[at] || data[at]! > 255 - inkDepth) continue
          ink++
          sumX += x
          sumY += y
        }
      if (ink < leastInk * cellSize * cellSize) continue
      const x = Math.min(width - 1 - patchReach, Math.max(patchReach, Math.round(sumX / ink)))
      const y = Math.min(height - 1 - patchReach, Math.max(patchReach, Math.round(sumY / ink)))
      const cell = Math.floor(y / regionSize) * regionColumns + Math.floor(x / regionSize)
      if (!regions.has(cell)) regions.set(cell, regions.size)
      patches.push({ x, y, region: regions.get(cell)!, fields: fieldsAt(x, y, fields) })
    }
  return { patches, regionCount: regions.size }
}

/** Fields whose box, widened by half its height, holds the point. */
const fieldsAt = (x: number, y: number, fields: Box[]): number[] =>
  fields.flatMap((field, index) => {
    const reach = field.height / 2
    const inside =
      x >= field.x - reach &&
      x <= field.x + field.width + reach &&
      y >= field.y - reach &&
      y <= field.y + field.height + reach
    return inside ? [index] : []
  })
