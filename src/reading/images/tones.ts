/** Greys that are not what they seem: samples that use a part of their range, and white on black. What is changed is told. */
import type { RawPixels } from './header'

/**
 * 16-bit samples to 8 bits. Cameras and scanners of 10 to 14 bits leave the upper ones empty: cut by >> 8 they would be black.
 */
export function eightBits(samples: Uint16Array): { data: Uint8Array; note: string | null } {
  let most = 0
  for (const sample of samples) if (sample > most) most = sample
  const used = Math.max(8, 32 - Math.clz32(most))
  const shift = used <= leastEmpty ? used - 8 : 8
  const data = new Uint8Array(samples.length)
  for (let index = 0; index < data.length; index++) data[index] = samples[index]! >> shift
  const note =
    shift < 8 && most > 0 ? `Only ${used} of its 16 bits are used: they were taken as the whole range.` : null
  return { data, note }
}
/** Where so few bits are used, the others are empty by design, not by chance. */
const leastEmpty = 14

/** Of a bilevel image, the mean below which it is white on black. */
const darkestBilevel = 96
/** Background darker than this is no paper, 0–255. */
const darkestPaper = 80
/** Grey levels by which ink on it is lighter, and the most of the pixels that are ink. */
const leastContrast = 70
const mostInk = 0.25
/** A background is even: so many grey levels at most from its middle to its lighter part. A ramp of greys is none. */
const mostUneven = 30
/** Every so many samples are looked at. */
const step = 5

/**
 * White on black, as microfilm and wrong tags give it, becomes black on white. A picture that is only dark stays: on it, what
 * stands out is darker than the rest, or takes up much of it.
 */
export function blackOnWhite(pixels: RawPixels, bilevel: boolean): RawPixels {
  if (!isNegative(pixels.data, bilevel)) return pixels
  const data = pixels.data.map((value) => 255 - value)
  return {
    ...pixels,
    data,
    notes: [...(pixels.notes ?? []), 'It is white on black: it was turned into black on white.']
  }
}

function isNegative(data: Uint8Array, bilevel: boolean): boolean {
  if (!bilevel && isLight(data)) return false
  const histogram = new Uint32Array(256)
  let count = 0
  for (let index = 0; index < data.length; index += step, count++) histogram[data[index]!]!++
  if (bilevel) return histogram.reduce((sum, many, level) => sum + many * level, 0) / count < darkestBilevel
  const ground = levelAt(histogram, count * 0.5)
  if (ground >= darkestPaper) return false
  if (levelAt(histogram, count * 0.7) - ground > mostUneven) return false
  const [darkest, lightest] = [levelAt(histogram, count * 0.01), levelAt(histogram, count * 0.99)]
  if (lightest - ground < leastContrast || lightest - ground < 2 * (ground - darkest)) return false
  const middle = (ground + lightest) / 2
  return histogram.reduce((sum, many, level) => sum + (level > middle ? many : 0), 0) / count <= mostInk
}

/** Whether most of it is as light as paper, which nearly all is: the histogram would say no more. */
function isLight(data: Uint8Array): boolean {
  let dark = 0
  for (let index = 0; index < data.length; index += step) dark += data[index]! < darkestPaper ? 1 : 0
  return dark < Math.ceil(data.length / step) * 0.5
}

/** The grey that `rank` of the pixels do not exceed. */
function levelAt(histogram: Uint32Array, rank: number): number {
  let below = 0
  for (let level = 0; level < 256; level++) {
    below += histogram[level]!
    if (below >= rank) return level
  }
  return 255
}
