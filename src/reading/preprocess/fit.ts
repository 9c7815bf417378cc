/** Where a crop lies in a model's input. */
import type { ModelInput } from '../models'

export interface Geometry {
  /** Upright crop, px. */
  cropWidth: number
  cropHeight: number
  /** The model's input, px. */
  inputWidth: number
  inputHeight: number
  /** The scaled crop in it, px. */
  left: number
  top: number
  width: number
  height: number
}

/** Rows that `input.trim` cuts off at the top, and at the bottom; at least one is left. */
export const rowsCut = (height: number, { trim }: ModelInput): number =>
  Math.min(Math.floor(height * trim + 0.5), Math.floor((height - 1) / 2))

/** Width of a crop scaled to a height with its aspect kept, halves rounded up. */
const naturalWidth = (width: number, height: number, target: number): number =>
  Math.max(1, Math.floor((width * target) / height + 0.5))

/**
 * The model's input width for a crop: the fixed one, or the natural one held between min and max and padded up to a
 * multiple; where that multiple is above max, the largest multiple that is not.
 */
export function inputWidth(width: number, height: number, input: ModelInput): number {
  if (typeof input.width === 'number') return input.width
  const { min, max, multipleOf } = input.width
  const wanted = Math.max(min, Math.min(max, naturalWidth(width, height, input.height)))
  const multiple = Math.ceil(wanted / multipleOf) * multipleOf
  return multiple > max ? Math.max(1, Math.floor(max / multipleOf)) * multipleOf : multiple
}

/**
 * `box`: scaled to fit inside with its aspect kept. `stretch`: both sides to size; with a variable width that is the
 * natural width, squeezed where it is too wide, padded where it is narrower.
 */
export function geometryOf(cropWidth: number, cropHeight: number, input: ModelInput): Geometry {
  const inputHeight = input.height
  const seenHeight = cropHeight - 2 * rowsCut(cropHeight, input)
  const targetWidth = inputWidth(cropWidth, seenHeight, input)
  let width = targetWidth
  let height = inputHeight
  if (input.fit === 'box') {
    const scale = Math.min(targetWidth / cropWidth, inputHeight / seenHeight)
    width = Math.min(targetWidth, Math.max(1, Math.floor(cropWidth * scale + 0.5)))
    height = Math.min(inputHeight, Math.max(1, Math.floor(seenHeight * scale + 0.5)))
  } else if (typeof input.width !== 'number') {
    width = Math.min(targetWidth, naturalWidth(cropWidth, seenHeight, inputHeight))
  }
  return {
    cropWidth,
    cropHeight,
    inputWidth: targetWidth,
    inputHeight,
    left: input.align === 'centre' ? Math.floor((targetWidth - width) / 2) : 0,
    top: Math.floor((inputHeight - height) / 2),
    width,
    height
  }
}
