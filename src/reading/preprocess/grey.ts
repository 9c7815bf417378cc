/** 8-bit images of one channel, and the steps that keep their size. */
import { NominaError } from '../../shared/failure'

/** Row by row from the top left; 0 black … 255 white. */
export interface GreyImage {
  data: Uint8Array
  width: number
  height: number
}

/** Luma of ITU-R 601 in Pillow's integers; grey stays as it is. */
export function toGrey(pixels: { data: Uint8Array; width: number; height: number; channels: 1 | 3 }): GreyImage {
  const { data, width, height, channels } = pixels
  if (width < 1 || height < 1) throw new NominaError('unreadable', 'The image has no pixels.')
  if (channels === 1) return { data, width, height }
  const grey = new Uint8Array(width * height)
  for (let index = 0, at = 0; index < grey.length; index++, at += 3) {
    grey[index] = (data[at]! * 19595 + data[at + 1]! * 38470 + data[at + 2]! * 7471 + 0x8000) >> 16
  }
  return { data: grey, width, height }
}

/**
 * Otsu's threshold t (1979), 0–255: classes ≤ t and > t with the most between-class variance, the first maximum wins.
 * With n pixels of sum s below and N of sum S in all it is (sN − nS)² / (n(N − n)) but for a constant. Compared as
 * fractions of integers, so that no rounding decides between two thresholds. An image of one grey gives 0.
 */
export function otsuThreshold({ data }: GreyImage): number {
  const histogram = new Float64Array(256)
  for (const level of data) histogram[level]! += 1
  const total = BigInt(data.length)
  let totalSum = 0n
  for (let level = 0; level < 256; level++) totalSum += BigInt(level * histogram[level]!)
  let best = 0
  let bestNumerator = 0n
  let bestDenominator = 1n
  let below = 0n
  let belowSum = 0n
  for (let level = 0; level < 256; level++) {
    const count = histogram[level]!
    // A level without pixels moves nothing: its variance equals the one before, which came first.
    if (!count) continue
    below += BigInt(count)
    belowSum += BigInt(level * count)
    const denominator = below * (total - below)
    if (denominator === 0n) continue
    const difference = belowSum * total - below * totalSum
    const numerator = difference * difference
    if (numerator * bestDenominator > bestNumerator * denominator) {
      best = level
      bestNumerator = numerator
      bestDenominator = denominator
    }
  }
  return best
}

/** Ink 0, paper 255. */
export function binarise(image: GreyImage): GreyImage {
  const threshold = otsuThreshold(image)
  const data = new Uint8Array(image.data.length)
  for (let index = 0; index < data.length; index++) data[index] = image.data[index]! > threshold ? 255 : 0
  return { ...image, data }
}

/**
 * Grey opening (minimum, then maximum) or closing (maximum, then minimum) by a 3 × 3 square, edges replicated. On the
 * image as it is: with dark ink on light paper "open" closes gaps in strokes, "close" removes thin strokes.
 */
export function morphology(image: GreyImage, operation: 'open' | 'close'): GreyImage {
  const steps = operation === 'open' ? [Math.min, Math.max] : [Math.max, Math.min]
  return steps.reduce((current, pick) => square(current, pick), image)
}

/** Replicating the edge equals leaving out what lies outside: for a minimum or maximum a repeated value changes nothing. */
function square({ data, width, height }: GreyImage, pick: (a: number, b: number) => number): GreyImage {
  const rows = new Uint8Array(data.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const left = x > 0 ? data[at - 1]! : data[at]!
      const right = x < width - 1 ? data[at + 1]! : data[at]!
      rows[at] = pick(pick(left, data[at]!), right)
    }
  }
  const result = new Uint8Array(data.length)
  for (let y = 0; y < height; y++) {
    const up = y > 0 ? -width : 0
    const down = y < height - 1 ? width : 0
    for (let x = 0, at = y * width; x < width; x++, at++) {
      result[at] = pick(pick(rows[at + up]!, rows[at]!), rows[at + down]!)
    }
  }
  return { data: result, width, height }
}
