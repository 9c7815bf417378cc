/** Even light: every pixel divided by the paper around it, so that paper is 255 everywhere. */
import type { GreyImage } from '../../preprocess'

/** Of a block's pixels, how many are darker than what counts as its paper. */
const paperRank = 0.85

/**
 * @param block px, several times a letter's height: paper is what is bright within a block, so that a wide dark area
 * (a shaded title bar) becomes paper too, on the template and on the page alike.
 */
export function flatten(image: GreyImage, block: number): GreyImage {
  const { data, width, height } = image
  const columns = Math.max(1, Math.round(width / block))
  const rows = Math.max(1, Math.round(height / block))
  const paper = smooth(paperOf(image, columns, rows), columns, rows)
  const result = new Uint8Array(data.length)
  const across = Array.from({ length: width }, (_, x) => between(x, width, columns))
  const line = new Float32Array(columns)
  for (let y = 0; y < height; y++) {
    const { low, high, part } = between(y, height, rows)
    for (let column = 0; column < columns; column++)
      line[column] = paper[low * columns + column]! * (1 - part) + paper[high * columns + column]! * part
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const place = across[x]!
      const value = (255 * data[at]!) / (line[place.low]! * (1 - place.part) + line[place.high]! * place.part)
      result[at] = value > 255 ? 255 : value + 0.5
    }
  }
  return { data: result, width, height }
}

/** Which two of `count` block centres a pixel lies between, and how far along. */
function between(position: number, size: number, count: number): { low: number; high: number; part: number } {
  const at = Math.min(count - 1, Math.max(0, ((position + 0.5) * count) / size - 0.5))
  const low = Math.floor(at)
  return { low, high: Math.min(count - 1, low + 1), part: at - low }
}

function paperOf({ data, width, height }: GreyImage, columns: number, rows: number): Float32Array {
  const result = new Float32Array(columns * rows)
  const histogram = new Uint32Array(256)
  for (let row = 0; row < rows; row++) {
    const top = Math.floor((row * height) / rows)
    const bottom = Math.floor(((row + 1) * height) / rows)
    for (let column = 0; column < columns; column++) {
      const left = Math.floor((column * width) / columns)
      const right = Math.floor(((column + 1) * width) / columns)
      histogram.fill(0)
      for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) histogram[data[y * width + x]!]!++
      let below = paperRank * (bottom - top) * (right - left)
      let grey = 0
      while (grey < 255 && (below -= histogram[grey]!) > 0) grey++
      // Black is never paper: a scanner's dark surround must not be divided up to white.
      result[row * columns + column] = Math.max(48, grey)
    }
  }
  return result
}

/** The median of 3 × 3 blocks: one block full of ink is no shadow. */
function smooth(values: Float32Array, columns: number, rows: number): Float32Array {
  return values.map((_, index) => {
    const row = Math.floor(index / columns)
    const column = index % columns
    const around: number[] = []
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++)
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++)
        around.push(values[y * columns + x]!)
    return around.sort((a, b) => a - b)[around.length >> 1]!
  })
}

/** Blown up so that the darkest thousandth of `image` is black: faint print looks like strong print. At most `most` times. */
export function stretch(image: GreyImage, most: number): GreyImage {
  const histogram = new Uint32Array(256)
  for (const value of image.data) histogram[value]!++
  let grey = 0
  for (let above = image.data.length / 1000; grey < 255; grey++) if ((above -= histogram[grey]!) <= 0) break
  const gain = Math.min(most, 255 / Math.max(1, 255 - grey))
  const table = Uint8Array.from({ length: 256 }, (_, value) => Math.max(0, Math.round(255 - gain * (255 - value))))
  return { ...image, data: image.data.map((value) => table[value]!) }
}
