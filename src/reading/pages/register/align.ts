/**
 * Lays a template's printed edges on a page to a fraction of a pixel. Inverse compositional Gauss–Newton over a
 * homography's eight numbers (S. Baker and I. Matthews, Lucas–Kanade 20 Years On, IJCV 2004), with Tukey's weights:
 * handwriting over print, folds and dirt are outliers.
 */
import type { GreyImage } from '../vision/image'
import { multiply, normalised, resizing, invert } from '../vision/homography'
import type { EdgeSamples } from './printed'
import type { Homography } from './types'

const parameterCount = 8
const mostIterations = 25
/** px of the level by which corners still move when it is good enough. */
const stillness = 0.01
/** Tukey's constant: 95 % as efficient as least squares on normal noise. */
const tukey = 4.685

/**
 * @param start template to page, both in px of the finest level
 * @param levels page, finest first; @param samples of the template, likewise
 * @param coarsest the level to begin with: 2 catches some ten px, 0 two
 * @returns null where it ran away or finds nothing to hold on to
 */
export function align(
  start: Homography,
  levels: GreyImage[],
  samples: EdgeSamples[],
  coarsest: number
): Homography | null {
  let result: Homography | null = start
  for (let level = coarsest; level >= 0 && result; level--) {
    const down = resizing(0.5 ** level)
    const up = resizing(2 ** level)
    // Perspective is a matter of the finest levels: coarse ones have too little to tell it from scale.
    const free = level === 2 ? 6 : parameterCount
    const aligned = alignLevel(multiply(down, multiply(result, up)), levels[level]!, samples[level]!, free)
    result = aligned && normalised(multiply(up, multiply(aligned, down)))
  }
  return result
}

function alignLevel(start: Homography, page: GreyImage, samples: EdgeSamples, free: number): Homography | null {
  const { count } = samples
  if (count < 50) return null
  const frame = frameOf(samples)
  const descents = steepestDescents(samples, frame, free)
  const residuals = new Float32Array(count)
  const inks = new Float32Array(count)
  let transform = start
  let spread = Infinity

  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const inside = sampleInk(page, transform, samples, inks)
    if (inside < 0.5 * count) return null
    const gain = gainOf(samples.ink, inks, residuals, iteration === 0 ? Infinity : tukey * spread)
    for (let index = 0; index < count; index++) residuals[index] = inks[index]! - gain * samples.ink[index]!
    spread = Math.max(4, 1.4826 * medianMagnitude(residuals))
    const step = solveStep(descents, residuals, free, gain, tukey * spread)
    if (!step) return null
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = step
    const update: Homography = [1 + a, b, c, d, 1 + e, f, g, h, 1]
    const { x, y, scale } = frame
    const into: Homography = [1 / scale, 0, -x / scale, 0, 1 / scale, -y / scale, 0, 0, 1]
    const outOf: Homography = [scale, 0, x, 0, scale, y, 0, 0, 1]
    transform = normalised(multiply(transform, multiply(outOf, multiply(invert(update), into))))
    if (!transform.every(Number.isFinite)) return null
    if (Math.max(...step.map(Math.abs)) * scale < stillness) break
  }
  return transform
}

/** Coordinates between about −1 and 1, so that all eight numbers are of one size. */
function frameOf({ x, y }: EdgeSamples): { x: number; y: number; scale: number } {
  let left = Infinity
  let right = -Infinity
  let top = Infinity
  let bottom = -Infinity
  for (let index = 0; index < x.length; index++) {
    left = Math.min(left, x[index]!)
    right = Math.max(right, x[index]!)
    top = Math.min(top, y[index]!)
    bottom = Math.max(bottom, y[index]!)
  }
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.max(1, right - left, bottom - top) / 2 }
}

/** How a sample's ink changes with each number: [count × free]. */
function steepestDescents(samples: EdgeSamples, frame: { x: number; y: number; scale: number }, free: number) {
  const result = new Float32Array(samples.count * free)
  for (let index = 0; index < samples.count; index++) {
    const x = (samples.x[index]! - frame.x) / frame.scale
    const y = (samples.y[index]! - frame.y) / frame.scale
    const across = samples.gradientX[index]! * frame.scale
    const down = samples.gradientY[index]! * frame.scale
    const both = across * x + down * y
    const all = [across * x, across * y, across, down * x, down * y, down, -both * x, -both * y]
    for (let parameter = 0; parameter < free; parameter++) result[index * free + parameter] = all[parameter]!
  }
  return result
}

/** Writes the page's ink at the samples' places into `inks`, NaN outside. @returns how many lie inside */
function sampleInk(page: GreyImage, m: Homography, samples: EdgeSamples, inks: Float32Array): number {
  const { data, width, height } = page
  let inside = 0
  for (let index = 0; index < samples.count; index++) {
    const sx = samples.x[index]!
    const sy = samples.y[index]!
    const w = m[6] * sx + m[7] * sy + m[8]
    const x = (m[0] * sx + m[1] * sy + m[2]) / w
    const y = (m[3] * sx + m[4] * sy + m[5]) / w
    if (!(x >= 0 && y >= 0 && x < width - 1 && y < height - 1)) {
      inks[index] = NaN
      continue
    }
    inside++
    const left = Math.floor(x)
    const top = Math.floor(y)
    const partX = x - left
    const at = top * width + left
    const above = data[at]! * (1 - partX) + data[at + 1]! * partX
    const below = data[at + width]! * (1 - partX) + data[at + width + 1]! * partX
    inks[index] = 255 - (above + (below - above) * (y - top))
  }
  return inside
}

/** How much fainter or stronger the page's print is than the template's, of samples whose residual was below `limit`. */
function gainOf(template: Float32Array, page: Float32Array, residuals: Float32Array, limit: number): number {
  let product = 0
  let square = 0
  for (let index = 0; index < template.length; index++) {
    if (Number.isNaN(page[index]!) || Math.abs(residuals[index]!) > limit) continue
    product += template[index]! * page[index]!
    square += template[index]! * template[index]!
  }
  return Math.min(2, Math.max(0.25, square > 0 ? product / square : 1))
}

function medianMagnitude(residuals: Float32Array): number {
  const histogram = new Uint32Array(512)
  let count = 0
  for (const residual of residuals) {
    if (Number.isNaN(residual)) continue
    histogram[Math.min(511, Math.floor(Math.abs(residual)))]!++
    count++
  }
  let magnitude = 0
  for (let left = count / 2; magnitude < 511; magnitude++) if ((left -= histogram[magnitude]!) <= 0) break
  return magnitude + 0.5
}

function solveStep(
  descents: Float32Array,
  residuals: Float32Array,
  free: number,
  gain: number,
  limit: number
): number[] | null {
  const matrix = new Float64Array(free * free)
  const right = new Float64Array(free)
  for (let index = 0; index < residuals.length; index++) {
    const residual = residuals[index]!
    if (!(Math.abs(residual) < limit)) continue
    const weight = (1 - (residual / limit) ** 2) ** 2
    const at = index * free
    for (let row = 0; row < free; row++) {
      const value = weight * gain * descents[at + row]!
      right[row]! += value * residual
      for (let column = row; column < free; column++)
        matrix[row * free + column]! += value * gain * descents[at + column]!
    }
  }
  return solveSymmetric(matrix, right, free)
}

/** Cholesky; only the upper half of `matrix` is read. Null where it is not positive. */
function solveSymmetric(matrix: Float64Array, right: Float64Array, size: number): number[] | null {
  const lower = new Float64Array(size * size)
  let trace = 0
  for (let index = 0; index < size; index++) trace += matrix[index * size + index]!
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = matrix[column * size + row]!
      // Keeps directions that no edge of the print shows where they are.
      if (row === column) sum += (1e-6 * trace) / size
      for (let k = 0; k < column; k++) sum -= lower[row * size + k]! * lower[column * size + k]!
      if (row === column) {
        if (!(sum > 0)) return null
        lower[row * size + row] = Math.sqrt(sum)
      } else lower[row * size + column] = sum / lower[column * size + column]!
    }
  const solution = Array.from(right)
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) solution[row]! -= lower[row * size + k]! * solution[k]!
    solution[row]! /= lower[row * size + row]!
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) solution[row]! -= lower[k * size + row]! * solution[k]!
    solution[row]! /= lower[row * size + row]!
  }
  return solution
}
