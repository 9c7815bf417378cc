import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import * as v from 'valibot'

const schema = v.object({
  x: v.optional(v.number()),
  y: v.optional(v.number()),
  width: v.pipe(v.number(), v.minValue(1)),
  height: v.pipe(v.number(), v.minValue(1)),
  maximised: v.boolean()
})
/** Position and size in device-independent px; no position: the system places the window. */
export type WindowState = v.InferOutput<typeof schema>
/** Newest first: a place for each set of displays, as a laptop has them on a desk and on the road. */
const stored = v.array(v.object({ displays: v.string(), state: schema }))
const MOST_SETS = 12

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

const first: WindowState = { width: 1280, height: 860, maximised: false }

/** Names a set of displays by where and how large they are. */
export const displaySet = (areas: Rectangle[]): string =>
  areas
    .map(({ x, y, width, height }) => `${width}x${height}@${x},${y}`)
    .sort()
    .join(' ')

/** Where the window was on these displays, else where it was last; a missing or damaged file only costs the memory of it. */
export function readWindowState(file: string, displays: string): WindowState {
  const known = readAll(file)
  return (known.find((one) => one.displays === displays) ?? known[0])?.state ?? first
}

export function writeWindowState(file: string, displays: string, state: WindowState): void {
  try {
    const others = readAll(file).filter((one) => one.displays !== displays)
    const temporary = `${file}.${process.pid}.tmp`
    writeFileSync(temporary, JSON.stringify([{ displays, state }, ...others].slice(0, MOST_SETS)))
    renameSync(temporary, file)
  } catch {
    // Not worth a word to anyone who is closing a window.
  }
}

function readAll(file: string): v.InferOutput<typeof stored> {
  try {
    return v.parse(stored, JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return []
  }
}

/** A frame's title bar is smaller than this. */
const MOST_FRAME = 80

/**
 * Where the window has to be asked for to lie where it lies now. On X11 a window is placed with its frame and tells its place
 * without: kept as told, it would creep by the frame at every start.
 * @param asked what it was opened with
 * @param opened what it told of itself once it was shown there
 */
export function withoutDrift(asked: WindowState, opened: Rectangle, now: Rectangle): Rectangle {
  if (asked.x === undefined || asked.y === undefined) return now
  const x = opened.x - asked.x
  const y = opened.y - asked.y
  // Further off than a frame: the system has placed it elsewhere.
  if (Math.abs(x) > MOST_FRAME || Math.abs(y) > MOST_FRAME) return now
  return { ...now, x: now.x - x, y: now.y - y }
}

const GRIP = 80

/** A window left on a display that is gone is placed anew; one larger than its display is made to fit. */
export function fitToDisplays(state: WindowState, workAreas: Rectangle[]): WindowState {
  const { x, y } = state
  const area = workAreas.find(
    (a) =>
      x !== undefined &&
      y !== undefined &&
      x + state.width - GRIP > a.x &&
      x + GRIP < a.x + a.width &&
      y >= a.y &&
      y + GRIP < a.y + a.height
  )
  const { x: _x, y: _y, ...size } = state
  const largest = area ?? workAreas[0]
  const width = Math.min(size.width, largest?.width ?? size.width)
  const height = Math.min(size.height, largest?.height ?? size.height)
  return area ? { ...state, width, height } : { ...size, width, height }
}
