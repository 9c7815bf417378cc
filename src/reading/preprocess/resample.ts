/**
 * Resizing as Pillow does it for 8-bit grey, to the pixel (src/libImaging/Resample.c): a separable filter whose support
 * grows when it shrinks, weights as fixed-point integers, first along rows, then along columns, rounded to 8 bits after
 * each pass. Models are trained on Pillow's pixels; sharp's and a browser's differ by a few greys. Pillow 13 swaps the
 * passes where that is faster; here, as in training/, the rows always come first.
 */
import type { GreyImage } from './grey'

export type Resample = 'bilinear' | 'lanczos'

/** 8 bits for the result, 2 against overflow. */
const PRECISION_BITS = 32 - 8 - 2
const HALF = 1 << (PRECISION_BITS - 1)

const filters: Record<Resample, { support: number; weight: (x: number) => number }> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) }
}

function sinc(x: number): number {
  if (x === 0) return 1
  return Math.sin(x * Math.PI) / (x * Math.PI)
}

/** For each output position: `first` input position, `count` weights from `index * size` in `weights`. */
interface Coefficients {
  size: number
  first: Int32Array
  count: Int32Array
  weights: Int32Array
}

/** Crops of one form come in few sizes: their coefficients are kept, the oldest go first. */
const CACHE_LIMIT = 512
const cache = new Map<string, Coefficients>()

function coefficients(from: number, to: number, resample: Resample): Coefficients {
  const key = `${from} ${to} ${resample}`
  const known = cache.get(key)
  if (known) return known
  const computed = computeCoefficients(from, to, resample)
  if (cache.size >= CACHE_LIMIT) cache.delete(cache.keys().next().value!)
  cache.set(key, computed)
  return computed
}

function computeCoefficients(from: number, to: number, resample: Resample): Coefficients {
  const { support: unscaled, weight } = filters[resample]
  const scale = from / to
  const filterScale = Math.max(1, scale)
  const support = unscaled * filterScale
  const size = Math.ceil(support) * 2 + 1
  const first = new Int32Array(to)
  const count = new Int32Array(to)
  const weights = new Int32Array(to * size)
  const exact = new Float64Array(size)
  for (let index = 0; index < to; index++) {
    const centre = (index + 0.5) * scale
    const start = Math.max(0, Math.trunc(centre - support + 0.5))
    const end = Math.min(from, Math.trunc(centre + support + 0.5))
    let sum = 0
    for (let x = 0; x < end - start; x++) {
      exact[x] = weight((x + start - centre + 0.5) * (1 / filterScale))
      sum += exact[x]!
    }
    first[index] = start
    count[index] = end - start
    for (let x = 0; x < end - start; x++) {
      const normal = (sum === 0 ? exact[x]! : exact[x]! / sum) * (1 << PRECISION_BITS)
      weights[index * size + x] = Math.trunc(normal < 0 ? normal - 0.5 : normal + 0.5)
    }
  }
  return { size, first, count, weights }
}

/** @returns the same image where the size stays. */
export function resize(image: GreyImage, width: number, height: number, resample: Resample): GreyImage {
  let result = image
  const vertical = height === image.height ? null : coefficients(image.height, height, resample)
  if (width !== image.width) {
    // Only the rows that the second pass looks at.
    const top = vertical ? vertical.first[0]! : 0
    const bottom = vertical ? vertical.first[height - 1]! + vertical.count[height - 1]! : image.height
    const rows = alongRows(result, width, top, bottom, coefficients(image.width, width, resample))
    result = { data: rows, width, height: image.height }
  }
  return vertical ? { data: alongColumns(result, height, vertical), width, height } : result
}

/** Rows that are gone through together: they stay in the processor's cache. */
const ROWS_AT_ONCE = 64

function alongRows(image: GreyImage, width: number, top: number, bottom: number, along: Coefficients): Uint8Array {
  const { size, first, count, weights } = along
  const result = new Uint8Array(width * image.height)
  for (let y = top; y < bottom; y += ROWS_AT_ONCE) {
    const rows = Math.min(ROWS_AT_ONCE, bottom - y)
    for (let x = 0; x < width; x++) {
      const [from, to] = [y * image.width + first[x]!, y * width + x]
      weigh(image.data, from, image.width, 1, weights, x * size, count[x]!, result, to, width, rows)
    }
  }
  return result
}

function alongColumns({ data, width }: GreyImage, height: number, along: Coefficients): Uint8Array {
  const { size, first, count, weights } = along
  const result = new Uint8Array(width * height)
  for (let y = 0; y < height; y++)
    weigh(data, first[y]! * width, 1, width, weights, y * size, count[y]!, result, y * width, 1, width)
  return result
}

/**
 * `times` sums with the same `many` weights from `at`: of samples from `from` that are `apart` from each other, put to `to`,
 * both going on by their step. Few weights, as most have, are held ready.
 */
function weigh(
  data: Uint8Array,
  from: number,
  fromStep: number,
  apart: number,
  weights: Int32Array,
  at: number,
  many: number,
  result: Uint8Array,
  to: number,
  toStep: number,
  times: number
): void {
  const { imul } = Math
  if (many < 2 || many > 4) {
    for (let time = 0; time < times; time++, from += fromStep, to += toStep) {
      let sum = HALF
      for (let k = 0; k < many; k++) sum = (sum + imul(data[from + k * apart]!, weights[at + k]!)) | 0
      result[to] = clip(sum)
    }
    return
  }
  const first = weights[at]!
  const second = weights[at + 1]!
  if (many === 2) {
    for (let time = 0; time < times; time++, from += fromStep, to += toStep)
      result[to] = clip((((HALF + imul(data[from]!, first)) | 0) + imul(data[from + apart]!, second)) | 0)
    return
  }
  const third = weights[at + 2]!
  const twice = 2 * apart
  if (many === 3) {
    for (let time = 0; time < times; time++, from += fromStep, to += toStep) {
      const sum = (((HALF + imul(data[from]!, first)) | 0) + imul(data[from + apart]!, second)) | 0
      result[to] = clip((sum + imul(data[from + twice]!, third)) | 0)
    }
    return
  }
  const fourth = weights[at + 3]!
  const thrice = 3 * apart
  for (let time = 0; time < times; time++, from += fromStep, to += toStep) {
    const sum = (((HALF + imul(data[from]!, first)) | 0) + imul(data[from + apart]!, second)) | 0
    const more = (imul(data[from + twice]!, third) + imul(data[from + thrice]!, fourth)) | 0
    result[to] = clip((sum + more) | 0)
  }
}

function clip(sum: number): number {
  const value = sum >> PRECISION_BITS
  return value < 0 ? 0 : value > 255 ? 255 : value
}
