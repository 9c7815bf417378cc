/** Small things done to raw pixels of pages. */
import type { Pixels } from '../register'

/** One channel where the three are alike in every pixel, as in a grey scan that a PDF's decoder gives as RGB. */
export function withoutFalseColour({ data, width, height, channels }: Pixels): Pixels {
  if (channels === 1) return { data, width, height, channels }
  for (let index = 0; index < data.length; index += 3) {
    if (data[index] !== data[index + 1] || data[index] !== data[index + 2]) return { data, width, height, channels }
  }
  return { data: greyOf(data, 3), width, height, channels: 1 }
}

/** .299 R + .587 G + .114 B. */
export function greyOf(data: Uint8Array | Uint8ClampedArray, stride: 3 | 4): Uint8Array {
  const grey = new Uint8Array(data.length / stride)
  for (let index = 0, at = 0; index < grey.length; index++, at += stride) {
    grey[index] = (data[at]! * 19595 + data[at + 1]! * 38470 + data[at + 2]! * 7471 + 0x8000) >> 16
  }
  return grey
}

/** Opaque: alpha is left out. */
export function rgbOf(data: Uint8Array | Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((data.length / 4) * 3)
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    rgb[to] = data[from]!
    rgb[to + 1] = data[from + 1]!
    rgb[to + 2] = data[from + 2]!
  }
  return rgb
}

/** Rows of bits, each padded to a byte, 1 for white. */
export function greyOfBits(bits: Uint8Array | Uint8ClampedArray, width: number, height: number): Uint8Array {
  const grey = new Uint8Array(width * height)
  const stride = (width + 7) >> 3
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (bits[y * stride + (x >> 3)]! & (0x80 >> (x & 7))) grey[y * width + x] = 255
    }
  }
  return grey
}

/** What is seen through alpha is white paper. */
export function onWhite(data: Uint8Array | Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((data.length / 4) * 3)
  for (let from = 0, to = 0; from < data.length; from += 4) {
    const alpha = data[from + 3]!
    for (let channel = 0; channel < 3; channel++)
      rgb[to++] = Math.round((data[from + channel]! * alpha + 255 * (255 - alpha)) / 255)
  }
  return rgb
}

/** px, right and bottom excluded. */
export function cut(pixels: Pixels, part: { left: number; top: number; right: number; bottom: number }): Pixels {
  const { left, top, right, bottom } = part
  const width = right - left
  const height = bottom - top
  if (width === pixels.width && height === pixels.height) return pixels
  const { channels } = pixels
  const data = new Uint8Array(width * height * channels)
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * pixels.width + left) * channels
    data.set(pixels.data.subarray(from, from + width * channels), y * width * channels)
  }
  return { data, width, height, channels }
}

/** Nothing but black and white. */
export const isBilevel = (data: Uint8Array): boolean => data.every((value) => value === 0 || value === 255)
