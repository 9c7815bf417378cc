/** Ink in a field that nobody printed. */
import type { Box } from '../register/types'
import type { GreyImage } from '../vision/image'
import type { Cv } from '../vision/opencv'
import { findInk, findPieces, type InkMask, type Piece } from './ink'
import { offsetOfPrint, widened, withoutPrint } from './print'

export interface Handwriting {
  /** Pieces of strokes in the field, dirt and remains of print left out. */
  pieces: Piece[]
  /** Those and everything else that is not print, in the view around the field too. */
  all: Piece[]
  /** The piece of each pixel of the view, 0 for none. */
  labels: Int32Array
  /** Print as it lies here, a little widened. */
  print: InkMask
  /** Ink that is not print. */
  own: InkMask
  /** px of a 200th of an inch on a sheet of A4: a thin stroke is two. */
  unit: number
}

/** A sheet of A4 at 200 dpi is so many px high. */
const a4 = 2339
/** Units by which print is widened: its blurred rim goes with it. */
const rimUnits = 1.6
/** A piece with less ink, or smaller both ways, is dirt; square units and units. */
const leastArea = 8
const leastExtent = 5
/** Thin remains within so many units of print are print. */
const remainsUnits = 3

/** @param longest of the template's image, px of the view */
export function findHandwriting(
  cv: Cv,
  flat: GreyImage,
  template: GreyImage,
  field: Box,
  longest: number
): Handwriting {
  const unit = Math.max(0.5, longest / a4)
  const ink = findInk(flat)
  const printed = findInk(template)
  const offset = offsetOfPrint(printed, ink)
  const print = widened(printed, offset, Math.max(1, Math.round(rimUnits * unit)))
  const near = widened(printed, offset, Math.max(2, Math.round((rimUnits + remainsUnits) * unit)))
  const own = withoutPrint(ink, print)
  const { labels, pieces } = findPieces(cv, own)
  const close = new Uint32Array(pieces.length + 1)
  for (let at = 0; at < labels.length; at++) if (near.data[at]) close[labels[at]!]!++
  const strokes = pieces.filter(
    (piece) =>
      piece.area >= leastArea * unit * unit &&
      Math.max(piece.width, piece.height) >= leastExtent * unit &&
      !(close[piece.label]! > 0.8 * piece.area && Math.min(piece.width, piece.height) <= (remainsUnits + 1) * unit) &&
      liesIn(piece, field)
  )
  return { pieces: strokes, all: pieces, labels, print, own, unit }
}

/** Its middle is in the field: what a neighbour's stroke reaches over is the neighbour's. */
function liesIn({ x, y, width, height }: Piece, field: Box): boolean {
  const middleX = x + width / 2
  const middleY = y + height / 2
  return middleX > field.x && middleX < field.x + field.width && middleY > field.y && middleY < field.y + field.height
}
