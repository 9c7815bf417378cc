/** What of a field a model reads: how much room around the ink, and what is painted over. */
import type { Piece } from './ink'
import type { Box } from '../register/types'
import type { GreyImage } from '../vision/image'
import type { Line } from '../lines'
import { cleaned } from './print'
import { cut, type View } from './view'
import type { SeenField } from './index'

/** Chosen by `npm run bench -- forms`; shares of the ink's height, and the least width for the height. */
export const style = { above: 0.15, beside: 0.3, leastAspect: 8, clean: true, flat: true }

/** The box around a line's ink that is read, whole px of the view. */
export function roomAround({ box }: Line, { width, height }: View): Box {
  const above = style.above * box.height
  const top = Math.max(0, Math.round(box.y - above))
  const bottom = Math.min(height, Math.round(box.y + box.height + above))
  const left = Math.max(0, Math.round(box.x - style.beside * box.height))
  const inkRight = box.x + box.width + style.beside * box.height
  const right = Math.min(width, Math.round(Math.max(inkRight, left + style.leastAspect * (bottom - top))))
  return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) }
}

/** Ink of other lines and print are painted over. */
export function readingImage(seen: SeenField, line: Line, lines: Line[], box: Box): GreyImage {
  const { flat, plain, handwriting } = seen
  const base = style.flat ? flat : { data: plain.data, width: plain.width, height: plain.height }
  const clean = style.clean ? cleaned(base, handwriting.print, handwriting.own) : base
  const others = lines.filter((other) => other !== line).flatMap(({ pieces }) => pieces)
  return cut(others.length > 0 ? withoutPieces(clean, handwriting.labels, others) : clean, box)
}

function withoutPieces(image: GreyImage, labels: Int32Array, pieces: Piece[]): GreyImage {
  const unwanted = new Set(pieces.map(({ label }) => label))
  const data = Uint8Array.from(image.data)
  const { width } = image
  // Their blurred rim, a pixel wide, goes as well.
  for (let at = 0; at < labels.length; at++) {
    if (!labels[at] || !unwanted.has(labels[at]!)) continue
    for (const step of [0, -1, 1, -width, width]) if (at + step >= 0 && at + step < data.length) data[at + step] = 255
  }
  return { ...image, data }
}
