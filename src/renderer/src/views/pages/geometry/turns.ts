/** A page as it is stored and as it is shown: turned clockwise by quarter turns until it is upright. */
import type { Point, Size } from './shapes'

export type Turns = 0 | 1 | 2 | 3

export const turnedSize = ({ width, height }: Size, turns: Turns): Size =>
  turns % 2 === 0 ? { width, height } : { width: height, height: width }

/** A point of the stored page (of this size) on the page as it is shown. */
export function toShown({ x, y }: Point, stored: Size, turns: Turns): Point {
  if (turns === 1) return { x: stored.height - y, y: x }
  if (turns === 2) return { x: stored.width - x, y: stored.height - y }
  if (turns === 3) return { x: y, y: stored.width - x }
  return { x, y }
}

export const toStored = (point: Point, stored: Size, turns: Turns): Point =>
  toShown(point, turnedSize(stored, turns), ((4 - turns) % 4) as Turns)

/** The CSS transform that draws the stored picture upright, from its top left. */
export function turnTransform(stored: Size, turns: Turns): string {
  const { width, height } = stored
  if (turns === 1) return `translate(${height}px, 0) rotate(90deg)`
  if (turns === 2) return `translate(${width}px, ${height}px) rotate(180deg)`
  if (turns === 3) return `translate(0, ${width}px) rotate(270deg)`
  return 'none'
}
