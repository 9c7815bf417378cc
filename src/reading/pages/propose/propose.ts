/** Finds what fields are made of: frames and table cells, lines to write on, small squares to tick. */
import type { Box, Homography, Pixels, ProposedBox } from '../register/types'
import { flatten } from '../vision/flatten'
import { apply, invert, multiply, translation } from '../vision/homography'
import { shrink, warp, type GreyImage } from '../vision/image'
import { loadOpenCv, type Cv } from '../vision/opencv'
import { findCells } from './cells'
import { findRules } from './rules'
import { skewOf, turned } from './straighten'

/** px of the longer side: a thin line of A4 is two px wide. */
const workingSize = 2000
/** px: some lines of print. */
const paperBlock = 90

/** On a blank or filled page up to 7° askew; in reading order, px of the page, most certain where two lie on one place. */
export async function proposeBoxes(page: Pixels): Promise<ProposedBox[]> {
  const { cv } = await loadOpenCv()
  const { image, resized } = shrink(cv, page, workingSize)
  const flat = flatten(image, paperBlock)
  const toFlat = straightening(cv, flat)
  const upright = toFlat ? warp(cv, flat, toFlat, flat.width, flat.height) : flat
  const cells = findCells(cv, upright)
  const found = withoutDoubles([...cells, ...findRules(cv, upright, cells)])
  const toPage = multiply(invert(resized), toFlat ?? translation(0, 0))
  return inReadingOrder(found.map((proposal) => ({ ...proposal, ...onPage(toPage, proposal) })))
}

/** Turned page to page; null where it lies straight. */
function straightening(cv: Cv, page: GreyImage): Homography | null {
  const angle = (skewOf(cv, page) * Math.PI) / 180
  if (angle === 0) return null
  const [x, y] = [page.width / 2, page.height / 2]
  return multiply(translation(x, y), multiply(turned(angle), translation(-x, -y)))
}

/** The same place on the page: its middle there, its size kept. */
function onPage(toPage: Homography, { x, y, width, height }: Box): Box {
  const [middleX, middleY] = apply(toPage, x + width / 2, y + height / 2)
  const scale = Math.hypot(toPage[0], toPage[3])
  const round = (value: number): number => Math.round(value * 10) / 10
  return {
    x: round(middleX - (width * scale) / 2),
    y: round(middleY - (height * scale) / 2),
    width: round(width * scale),
    height: round(height * scale)
  }
}

/** Share of two boxes' joint area from which on they are one. */
const sameFrom = 0.7

function withoutDoubles(proposals: ProposedBox[]): ProposedBox[] {
  const kept: ProposedBox[] = []
  for (const proposal of [...proposals].sort((a, b) => b.score - a.score))
    if (!kept.some((other) => overlap(other, proposal) > sameFrom)) kept.push(proposal)
  return kept
}

/** Intersection over union. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  return (width * height) / (a.width * a.height + b.width * b.height - width * height)
}

/** Rows from top to bottom, each from left to right; a row's boxes overlap in height by half. */
function inReadingOrder(proposals: ProposedBox[]): ProposedBox[] {
  const rows: ProposedBox[][] = []
  for (const proposal of [...proposals].sort((a, b) => a.y + a.height / 2 - b.y - b.height / 2)) {
    const row = rows.at(-1)
    const first = row?.[0]
    const joins = first && proposal.y + proposal.height / 2 < first.y + Math.max(first.height, proposal.height) * 0.75
    if (row && joins) row.push(proposal)
    else rows.push([proposal])
  }
  return rows.flatMap((row) => row.sort((a, b) => a.x - b.x))
}
