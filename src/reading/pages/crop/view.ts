/** A part of a page seen straight: the rectangle around a field, in the page's own resolution. */
import { multiply, quadOfBox, scalesAt } from '../vision/homography'
import type { GreyImage } from '../vision/image'
import type { Box, Homography, Pixels, Quad } from '../register/types'

export interface View {
  /** px of the view to template px. */
  toTemplate: Homography
  /** px of the view to px of the page. */
  toPage: Homography
  width: number
  height: number
  /** The field itself, px of the view. */
  field: Box
  /** px of the view a template px. */
  scale: number
}

/** A field is never drawn larger than this, px. */
const longestSide = 4000

/** @param margin template px around the field */
export function viewOf(homography: Homography, field: Box, margin: number): View {
  const centre = scalesAt(homography, field.x + field.width / 2, field.y + field.height / 2)
  const longest = Math.max(field.width, field.height) + 2 * margin
  const scale = Math.min(Math.sqrt(centre.x * centre.y), longestSide / longest)
  const width = Math.max(1, Math.round((field.width + 2 * margin) * scale))
  const height = Math.max(1, Math.round((field.height + 2 * margin) * scale))
  const toTemplate: Homography = [1 / scale, 0, field.x - margin, 0, 1 / scale, field.y - margin, 0, 0, 1]
  return {
    toTemplate,
    toPage: multiply(homography, toTemplate),
    width,
    height,
    field: { x: margin * scale, y: margin * scale, width: field.width * scale, height: field.height * scale },
    scale
  }
}

/** Where a box of the view lies on the page. */
export const quadOnPage = ({ toPage }: View, box: Box): Quad => quadOfBox(toPage, box)

/** What `image` shows at `transform`'s points, bilinear, its edge repeated outside. `transform`: result px to image px. */
export function sample(image: Pixels, transform: Homography, width: number, height: number): Pixels {
  const { data, channels } = image
  const [a, b, c, d, e, f, g, h, i] = transform
  const result = Buffer.allocUnsafe(width * height * channels)
  const right = image.width - 1
  const bottom = image.height - 1
  for (let row = 0, to = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const w = g * column + h * row + i
      const x = Math.min(right, Math.max(0, (a * column + b * row + c) / w))
      const y = Math.min(bottom, Math.max(0, (d * column + e * row + f) / w))
      const left = Math.min(right - 1, Math.floor(x))
      const top = Math.min(bottom - 1, Math.floor(y))
      const across = x - left
      const down = y - top
      let at = (top * image.width + left) * channels
      const below = image.width * channels
      for (let channel = 0; channel < channels; channel++, at++, to++) {
        const upper = data[at]! + (data[at + channels]! - data[at]!) * across
        const lower = data[at + below]! + (data[at + below + channels]! - data[at + below]!) * across
        result[to] = upper + (lower - upper) * down + 0.5
      }
    }
  return { data: result, width, height, channels }
}

/** A part of an image; what lies outside is white. */
export function cut(image: GreyImage, { x, y, width, height }: Box): GreyImage {
  const data = new Uint8Array(width * height).fill(255)
  const left = Math.max(0, x)
  const right = Math.min(image.width, x + width)
  for (let row = Math.max(0, y); row < Math.min(image.height, y + height); row++) {
    if (right > left)
      data.set(image.data.subarray(row * image.width + left, row * image.width + right), (row - y) * width + left - x)
  }
  return { data, width, height }
}
