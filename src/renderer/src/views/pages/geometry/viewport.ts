/** How a page is looked at: screen px = page px × scale + (x, y). */
import type { Box, Point, Size } from './shapes'

export interface Viewport extends Point {
  scale: number
}

export const zoomStep = 1.25
/** The window on the page, screen px; `margin` stays free around a page that is fitted. */
export interface Frame extends Size {
  margin?: number
}
const marginOf = (frame: Frame): number => frame.margin ?? 24
/** A page px is drawn at most this large. */
const scaleMost = 8

export const toScreen = (view: Viewport, { x, y }: Point): Point => ({
  x: x * view.scale + view.x,
  y: y * view.scale + view.y
})
export const toPage = (view: Viewport, { x, y }: Point): Point => ({
  x: (x - view.x) / view.scale,
  y: (y - view.y) / view.scale
})

const scaleToFit = (page: Size, frame: Frame): number =>
  Math.max(
    0.01,
    Math.min(1.5, (frame.width - 2 * marginOf(frame)) / page.width, (frame.height - 2 * marginOf(frame)) / page.height)
  )

const centred = (page: Size, frame: Frame, scale: number): Viewport => ({
  scale,
  x: (frame.width - page.width * scale) / 2,
  y: (frame.height - page.height * scale) / 2
})

/** The whole page in the middle of the frame. */
export const fit = (page: Size, frame: Frame): Viewport => centred(page, frame, scaleToFit(page, frame))

/** The page as wide as the frame, from its top. */
export function fitWidth(page: Size, frame: Frame): Viewport {
  const scale = Math.max(0.01, Math.min(scaleMost, (frame.width - 2 * marginOf(frame)) / page.width))
  return keepInside({ scale, x: marginOf(frame), y: marginOf(frame) }, page, frame)
}

/** A part of the page in the middle, large enough to read and small enough to see where it is. */
export function lookAt(part: Box, page: Size, frame: Frame, share = 0.6): Viewport {
  const scale = Math.min(
    3,
    (frame.width * share) / Math.max(1, part.width),
    (frame.height * share) / Math.max(1, part.height)
  )
  const kept = Math.max(scale, scaleToFit(page, frame))
  return keepInside(
    {
      scale: kept,
      x: frame.width / 2 - (part.x + part.width / 2) * kept,
      y: frame.height / 2 - (part.y + part.height / 2) * kept
    },
    page,
    frame
  )
}

/** Zooms by a factor about a point of the screen, which stays where it is. */
export function zoomAt(view: Viewport, factor: number, at: Point, page: Size, frame: Frame): Viewport {
  const least = Math.min(scaleToFit(page, frame) / 2, 1)
  const scale = Math.min(scaleMost, Math.max(least, view.scale * factor))
  const grown = scale / view.scale
  return keepInside({ scale, x: at.x - (at.x - view.x) * grown, y: at.y - (at.y - view.y) * grown }, page, frame)
}

export const panBy = (view: Viewport, dx: number, dy: number, page: Size, frame: Frame): Viewport =>
  keepInside({ ...view, x: view.x + dx, y: view.y + dy }, page, frame)

/** A page smaller than the frame lies in its middle; a larger one never leaves more than a margin free. */
export function keepInside(view: Viewport, page: Size, frame: Frame): Viewport {
  const margin = marginOf(frame)
  const place = (at: number, size: number, room: number): number => {
    const grown = size * view.scale
    if (grown + 2 * margin <= room) return (room - grown) / 2
    return Math.min(margin, Math.max(room - grown - margin, at))
  }
  return {
    scale: view.scale,
    x: place(view.x, page.width, frame.width),
    y: place(view.y, page.height, frame.height)
  }
}

/** Moves just enough that a part of the page is in sight. */
export function reveal(view: Viewport, part: Box, page: Size, frame: Frame): Viewport {
  const margin = marginOf(frame)
  const shift = (start: number, size: number, room: number): number => {
    if (start < margin) return margin - start
    if (start + size > room - margin) return Math.max(room - margin - start - size, margin - start)
    return 0
  }
  const at = toScreen(view, part)
  const dx = shift(at.x, part.width * view.scale, frame.width)
  const dy = shift(at.y, part.height * view.scale, frame.height)
  return dx === 0 && dy === 0 ? view : panBy(view, dx, dy, page, frame)
}
