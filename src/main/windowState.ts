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

export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

const first: WindowState = { width: 1280, height: 860, maximised: false }

/** Where the window was; a missing or damaged file only costs the memory of it. */
export function readWindowState(file: string): WindowState {
  try {
    return v.parse(schema, JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return first
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  try {
    const temporary = `${file}.${process.pid}.tmp`
    writeFileSync(temporary, JSON.stringify(state))
    renameSync(temporary, file)
  } catch {
    // Not worth a word to anyone who is closing a window.
  }
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
