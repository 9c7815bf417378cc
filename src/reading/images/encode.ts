/** Pixels to files: PNG for what is read again, JPEG for what is only looked at. */
import { encode } from 'fast-png'
import type { RawPixels } from './header'

/** Lossless, grey in one channel. */
export function encodePng({ data, width, height, channels }: RawPixels): Buffer {
  const { buffer, byteOffset, length } = encode({ data, width, height, channels, depth: 8 })
  return Buffer.from(buffer, byteOffset, length)
}

/** @param quality 0–100 */
export async function encodeJpeg({ data, width, height, channels }: RawPixels, quality: number): Promise<Buffer> {
  const { createCanvas, ImageData } = await import('@napi-rs/canvas')
  const canvas = createCanvas(width, height)
  canvas.getContext('2d').putImageData(new ImageData(opaque(data, channels), width, height), 0, 0)
  return canvas.encode('jpeg', quality)
}

function opaque(data: Uint8Array, channels: 1 | 3): Uint8ClampedArray {
  const result = new Uint8ClampedArray((data.length / channels) * 4)
  const second = channels === 3 ? 1 : 0
  for (let from = 0, to = 0; to < result.length; from += channels, to += 4) {
    result[to] = data[from]!
    result[to + 1] = data[from + second]!
    result[to + 2] = data[from + 2 * second]!
    result[to + 3] = 255
  }
  return result
}
