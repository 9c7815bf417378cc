/** What of a field a model reads: how much room around the ink, and what is painted over. */
import type { Box } from '../register/types'
import { letterHeight, type Line } from '../lines'
import type { GreyImage } from '../vision/image'
import type { SeenField } from './seen'
import type { Piece } from './ink'
import { cleaned } from './print'
import { cut, type View } from './view'

/**
 * The frame that is read. A model that stretches its input reads letters only in the proportions it was trained on. Of
 * the 230 names of ../shared/data/forms names-caps of 21 November read 90.9 % exactly in this frame; with every field as
 * its own frame 91.7 %, as plain crops 82.6 to 87.0 % (cut 0 to 10 % inside the printed frame). In cells nearly twice as
 * high it read 83.5 % in this frame, 0.9 % with the cell as frame; letting cells of up to 3.6 heights be their own frame
 * gave 91.3 and 65.2 %. Heights are in the ink's. `npm run bench -- forms` measures it.
 */
export const frame = {
  /** Share of the field's height that its printed frame takes inside. */
  inset: 0.05,
  /** A field so high is its own frame; else the frame is as high as it should be. */
  heights: [1.2, 3.2],
  height: 2.4,
  /** Width for height, likewise. */
  aspects: [6.5, 10],
  aspect: 8,
  /** Paper before and behind ink that would be cut off, and above and below together. */
  beside: 1,
  around: 0.3
}

/** The box around a line's ink that is read, whole px of the view; it may reach beyond: there is paper. */
export function roomAround(line: Line, lines: Line[], { field }: View): Box {
  const inset = frame.inset * field.height
  const inside = grown(field, -inset)
  // Nothing to go by where nothing is written.
  if (line.pieces.length === 0) return whole(inside)
  // The ink's whole height where it is one line: broken strokes are lower than letters.
  const letter = lines.length === 1 ? line.box.height : letterHeight(line.pieces, line.box)
  const rows = rowsAround(line, lines, inside, letter)
  const columns = columnsAround(line.box, inside, letter, rows.height)
  return whole({ ...rows, ...columns })
}

const grown = ({ x, y, width, height }: Box, by: number): Box => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by
})

const whole = ({ x, y, width, height }: Box): Box => ({
  x: Math.round(x),
  y: Math.round(y),
  width: Math.max(1, Math.round(width)),
  height: Math.max(1, Math.round(height))
})

function rowsAround({ box }: Line, lines: Line[], inside: Box, letter: number): Pick<Box, 'y' | 'height'> {
  const share = inside.height / letter
  const fitting = lines.length === 1 && share >= frame.heights[0]! && share <= frame.heights[1]!
  const height = Math.max(fitting ? inside.height : frame.height * letter, box.height + frame.around * letter)
  const middle = box.y + box.height / 2
  const around = middle - height / 2
  // Within the field where there is room, so that the field's own ink is seen and not its neighbours'.
  const room = Math.max(0, inside.height - height)
  const y = height > inside.height ? around : Math.min(inside.y + room, Math.max(inside.y, around))
  // Ink that leaves the field stays whole.
  const top = Math.min(y, box.y - 1)
  return { y: top, height: Math.max(y + height, box.y + box.height + 1) - top }
}

function columnsAround(ink: Box, inside: Box, letter: number, height: number): Pick<Box, 'x' | 'width'> {
  const aspect = inside.width / height
  const inkRight = ink.x + ink.width + frame.beside * letter
  if (aspect >= frame.aspects[0]! && aspect <= frame.aspects[1]!) {
    const x = Math.min(inside.x, ink.x - 1)
    return { x, width: Math.max(inside.x + inside.width, ink.x + ink.width + 1) - x }
  }
  const left = Math.min(ink.x - 1, Math.max(inside.x, ink.x - frame.beside * letter))
  const x = aspect > frame.aspects[1]! ? left : Math.min(inside.x, ink.x - 1)
  return { x, width: Math.max(frame.aspect * height, inkRight - x) }
}

/** Evenly lit; other lines, neighbours' ink and print are painted over. */
export function readingImage(seen: SeenField, line: Line, box: Box): GreyImage {
  const { flat, handwriting, view } = seen
  const clean = cleaned(flat, handwriting.print, handwriting.own)
  const own = new Set(line.pieces.map(({ label }) => label))
  const others = handwriting.all.filter((piece) => !own.has(piece.label) && isForeign(piece, line, view.field))
  return cut(others.length > 0 ? withoutPieces(clean, handwriting.labels, others) : clean, box)
}

/** Ink of another line of the field, or from outside it; dirt and what else lies between the letters stays. */
function isForeign({ x, y, width, height }: Piece, { pieces, box }: Line, field: Box): boolean {
  const middleX = x + width / 2
  const middleY = y + height / 2
  const outside =
    middleX < field.x || middleX > field.x + field.width || middleY < field.y || middleY > field.y + field.height
  const beyondLine = pieces.length > 0 && (middleY < box.y - box.height / 3 || middleY > box.y + (box.height * 4) / 3)
  return outside || beyondLine
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
