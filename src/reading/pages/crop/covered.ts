/** How much of the ink in one box of a page another box covers. */
import type { Quad } from '../../../shared/forms'
import type { Pixels } from '../register/types'

/** Darker than the box's paper by this is ink, of 255. */
const inkDepth = 40
/** Of the box: with less ink there is nothing to follow, and its area counts. */
const leastInk = 0.002

/** From 0 to 1. @param before, now corners in px of `page`, one after the other around each box */
export function coveredShare(page: Pixels, before: Quad, now: Quad): number {
  const inside = pixelsIn(page, before)
  if (!inside.length) return 1
  const paper = inside.map(({ grey }) => grey).sort((a, b) => a - b)[Math.floor(inside.length * 0.75)]!
  const ink = inside.filter(({ grey }) => grey < paper - inkDepth)
  if (ink.length >= leastInk * inside.length) return shareWithin(ink, now)
  // What was empty may have been laid over ink: it is the same box where either is mostly in the other.
  return Math.min(shareWithin(inside, now), shareWithin(pixelsIn(page, now), before))
}

interface Pixel {
  x: number
  y: number
  grey: number
}

function pixelsIn(page: Pixels, quad: Quad): Pixel[] {
  const inside: Pixel[] = []
  const [left, top, right, bottom] = boundsOf(quad, page)
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      if (isWithin(quad, x + 0.5, y + 0.5)) inside.push({ x, y, grey: greyAt(page, x, y) })
    }
  }
  return inside
}

const shareWithin = (pixels: Pixel[], quad: Quad): number =>
  pixels.filter(({ x, y }) => isWithin(quad, x + 0.5, y + 0.5)).length / Math.max(1, pixels.length)

function boundsOf(quad: Quad, { width, height }: Pixels): [number, number, number, number] {
  const xs = quad.filter((_, index) => index % 2 === 0)
  const ys = quad.filter((_, index) => index % 2 === 1)
  const within = (value: number, most: number): number => Math.min(most, Math.max(0, Math.round(value)))
  return [
    within(Math.min(...xs), width),
    within(Math.min(...ys), height),
    within(Math.max(...xs), width),
    within(Math.max(...ys), height)
  ]
}

/** A corner follows the other around it: inside is on the same side of all four. */
function isWithin(quad: Quad, x: number, y: number): boolean {
  let side = 0
  for (let corner = 0; corner < 8; corner += 2) {
    const [ax, ay, bx, by] = [quad[corner]!, quad[corner + 1]!, quad[(corner + 2) % 8]!, quad[(corner + 3) % 8]!]
    const turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
    if (turn === 0) continue
    if (side !== 0 && turn > 0 !== side > 0) return false
    side = turn
  }
  return true
}

function greyAt({ data, width, channels }: Pixels, x: number, y: number): number {
  const at = (y * width + x) * channels
  return channels === 1 ? data[at]! : (data[at]! * 299 + data[at + 1]! * 587 + data[at + 2]! * 114) / 1000
}
