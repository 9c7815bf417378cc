/** What is printed in and around a field, known from the template, found again on the page and taken out. */
import type { GreyImage } from '../vision/image'
import type { InkMask } from './ink'

/** px by which a page's print may lie beside its place in a view: paper is not flat. */
const reach = 3

/** How far the page's print lies beside the template's, whole px: where most of the print has ink under it. */
export function offsetOfPrint(print: InkMask, ink: InkMask): [number, number] {
  const { width, height } = print
  const places: number[] = []
  for (let y = reach; y < height - reach; y++)
    for (let x = reach; x < width - reach; x++) if (print.data[y * width + x]) places.push(y * width + x)
  if (places.length < 40) return [0, 0]
  const step = Math.max(1, Math.floor(places.length / 4000))
  let best: [number, number] = [0, 0]
  let most = -1
  for (let down = -reach; down <= reach; down++)
    for (let across = -reach; across <= reach; across++) {
      let count = 0
      const shift = down * width + across
      for (let index = 0; index < places.length; index += step) count += ink.data[places[index]! + shift]!
      // Where several do as well, the one nearest to where it should be.
      const score = count - 0.001 * places.length * Math.hypot(across, down)
      if (score > most) {
        most = score
        best = [across, down]
      }
    }
  return best
}

/** The print moved, and widened by `by` px on all sides. */
export function widened({ data, width, height }: InkMask, [across, down]: [number, number], by: number): InkMask {
  const rows = new Uint8Array(data.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!data[y * width + x]) continue
      const left = Math.max(0, x + across - by)
      const right = Math.min(width, x + across + by + 1)
      if (right > left) rows.fill(1, y * width + left, y * width + right)
    }
  const result = new Uint8Array(data.length)
  for (let y = 0; y < height; y++)
    for (let to = Math.max(0, y + down - by); to <= Math.min(height - 1, y + down + by); to++)
      for (let x = 0; x < width; x++) if (rows[y * width + x]) result[to * width + x] = 1
  return { data: result, width, height }
}

/** Ink that is not print; strokes that cross a printed line are whole. */
export function withoutPrint(ink: InkMask, print: InkMask): InkMask {
  const { width, height } = ink
  const data = ink.data.map((value, index) => (value && !print.data[index] ? 1 : 0))
  const own = Uint8Array.from(data)
  bridge(ink, print, own, data, height, width, 1)
  bridge(ink, print, own, data, width, 1, width)
  return { data, width, height }
}

/** Gives back ink under print where handwriting goes on at both ends of it, along lines of pixels `step` apart. */
function bridge(
  ink: InkMask,
  print: InkMask,
  own: Uint8Array,
  result: Uint8Array,
  length: number,
  step: number,
  next: number
): void {
  const lines = ink.data.length / length
  for (let line = 0; line < lines; line++) {
    const start = line * next
    for (let from = 1; from < length - 1; from++) {
      const at = start + from * step
      if (!print.data[at] || print.data[at - step]) continue
      let to = from
      while (to < length && print.data[start + to * step]) to++
      if (
        to < length &&
        to - from <= longestBridge &&
        touches(own, at - step, next) &&
        touches(own, start + to * step, next)
      )
        for (let k = from; k < to; k++) if (ink.data[start + k * step]) result[start + k * step] = 1
      from = to
    }
  }
}

/** px: a printed line and its rims, not a printed letter. */
const longestBridge = 14

/** Ink at a place or beside it: strokes slant. */
const touches = (own: Uint8Array, at: number, beside: number): boolean =>
  own[at] === 1 || own[at - beside] === 1 || own[at + beside] === 1

/** The image with its print painted over with paper. */
export function cleaned(image: GreyImage, print: InkMask, own: InkMask): GreyImage {
  return { ...image, data: image.data.map((value, index) => (print.data[index] && !own.data[index] ? 255 : value)) }
}
