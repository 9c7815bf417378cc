/** Smaller pictures for people: antialiased, by the same resampling as a network's input. */
import { resize } from '../preprocess/resample'
import type { RawPixels } from './header'

/** @returns the same pixels where they fit already; else scaled down to fit inside, aspect kept */
export function shrinkInto(pixels: RawPixels, width: number, height: number): RawPixels {
  const scale = Math.min(width / pixels.width, height / pixels.height)
  if (scale >= 1) return pixels
  const side = (length: number): number => Math.max(1, Math.round(length * scale))
  return scaleTo(pixels, side(pixels.width), side(pixels.height))
}

export function scaleTo({ data, channels, notes, ...size }: RawPixels, width: number, height: number): RawPixels {
  const planes = Array.from({ length: channels }, (_, channel) =>
    resize({ data: planeOf(data, channels, channel), ...size }, width, height, 'bilinear')
  )
  const kept = { width, height, channels, ...(notes && { notes }) }
  if (channels === 1) return { data: planes[0]!.data, ...kept }
  const result = new Uint8Array(width * height * channels)
  planes.forEach((plane, channel) => {
    for (let index = 0, to = channel; index < plane.data.length; index++, to += channels)
      result[to] = plane.data[index]!
  })
  return { data: result, ...kept }
}

function planeOf(data: Uint8Array, channels: 1 | 3, channel: number): Uint8Array {
  if (channels === 1) return data
  const plane = new Uint8Array(data.length / channels)
  for (let index = 0, at = channel; index < plane.length; index++, at += channels) plane[index] = data[at]!
  return plane
}
