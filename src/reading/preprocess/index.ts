/**
 * From upright pixels to a model's input, driven by its manifest and the same to the pixel as training/ does it:
 * grey, trim, Otsu, morphology, fit (resample, align, pad), then numbers.
 */
import type { ModelInput } from '../models'
import { geometryOf, rowsCut, type Geometry } from './fit'
import { binarise, morphology, toGrey, type GreyImage } from './grey'
import { resize } from './resample'

export { geometryOf, inputWidth, type Geometry } from './fit'
export { morphology, otsuThreshold, toGrey, type GreyImage } from './grey'
export { resize } from './resample'
export interface Prepared {
  /** The model's input as 8-bit grey, geometry.inputHeight rows of geometry.inputWidth. */
  pixels: Uint8Array
  geometry: Geometry
}

/** Everything but the numbers. */
export function prepare(
  pixels: { data: Uint8Array; width: number; height: number; channels: 1 | 3 },
  input: ModelInput
): Prepared {
  let image = trimmed(toGrey(pixels), input)
  if (input.binarise === 'otsu') image = binarise(image)
  if (input.morphology !== 'none') image = morphology(image, input.morphology)
  const geometry = geometryOf(pixels.width, pixels.height, input)
  const scaled = resize(image, geometry.width, geometry.height, input.resample)
  return { pixels: paste(scaled, geometry, input.pad), geometry }
}

function trimmed(image: GreyImage, input: ModelInput): GreyImage {
  const rows = rowsCut(image.height, input)
  if (!rows) return image
  const height = image.height - 2 * rows
  return { ...image, height, data: image.data.subarray(rows * image.width, (rows + height) * image.width) }
}

function paste(scaled: GreyImage, { inputWidth, inputHeight, left, top }: Geometry, pad: number): Uint8Array {
  if (scaled.width === inputWidth && scaled.height === inputHeight) return scaled.data
  const canvas = new Uint8Array(inputWidth * inputHeight).fill(pad)
  for (let y = 0; y < scaled.height; y++) {
    const row = scaled.data.subarray(y * scaled.width, (y + 1) * scaled.width)
    canvas.set(row, (top + y) * inputWidth + left)
  }
  return canvas
}

/** x = grey / 255; x = 1 − x if invert; x = (x − mean) / std, each step in float32, for all 256 greys. */
export function numbersOf(input: ModelInput): Float32Array {
  const { fround } = Math
  const table = new Float32Array(256)
  for (let grey = 0; grey < 256; grey++) {
    let x = fround(grey / 255)
    if (input.invert) x = fround(1 - x)
    table[grey] = fround(fround(x - fround(input.mean)) / fround(input.std))
  }
  return table
}

/** Writes the numbers of `pixels` into a batch's tensor from `offset`. */
export function writeNumbers(pixels: Uint8Array, numbers: Float32Array, tensor: Float32Array, offset: number): void {
  for (let index = 0; index < pixels.length; index++) tensor[offset + index] = numbers[pixels[index]!]!
}
