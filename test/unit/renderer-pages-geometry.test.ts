import { describe, expect, it } from 'vitest'
import { mapOnto, project, sheetCorners } from '../../src/renderer/src/views/pages/geometry/homography'
import { neighbour } from '../../src/renderer/src/views/pages/geometry/neighbour'
import {
  cornerProblem,
  cornersOf,
  insidePolygon,
  quadOf,
  svgPoints
} from '../../src/renderer/src/views/pages/geometry/shapes'
import { toShown, toStored, turnedSize, type Turns } from '../../src/renderer/src/views/pages/geometry/turns'
import {
  fit,
  keepInside,
  lookAt,
  panBy,
  reveal,
  toPage,
  toScreen,
  zoomAt
} from '../../src/renderer/src/views/pages/geometry/viewport'

const page = { width: 1654, height: 2339 }
const frame = { width: 900, height: 700 }

describe('four corners', () => {
  const corners = cornersOf([120, 80, 1600, 130, 1560, 2290, 60, 2200])

  it('carry the template onto the page, its corners onto them', () => {
    const map = mapOnto(page, corners)
    sheetCorners(map, page).forEach((corner, index) => {
      expect(corner.x).toBeCloseTo(corners[index]!.x, 6)
      expect(corner.y).toBeCloseTo(corners[index]!.y, 6)
    })
  })

  it('keep straight lines straight: the middle of the diagonals is one point', () => {
    const map = mapOnto(page, corners)
    const middle = project(map, { x: page.width / 2, y: page.height / 2 })
    const [a, b, c, d] = corners as [(typeof corners)[0], (typeof corners)[0], (typeof corners)[0], (typeof corners)[0]]
    const side = (p: typeof a, q: typeof a): number => (q.x - p.x) * (middle.y - p.y) - (q.y - p.y) * (middle.x - p.x)
    expect(side(a, c)).toBeCloseTo(0, 3)
    expect(side(b, d)).toBeCloseTo(0, 3)
  })

  it('say why they are not those of a sheet', () => {
    expect(cornerProblem(corners, page)).toBeNull()
    // a page that was scanned upside down goes round the same way
    expect(cornerProblem([corners[2]!, corners[3]!, corners[0]!, corners[1]!], page)).toBeNull()
    expect(cornerProblem([corners[0]!, corners[2]!, corners[1]!, corners[3]!], page)).toBe('crossed')
    expect(cornerProblem([corners[1]!, corners[0]!, corners[3]!, corners[2]!], page)).toBe('mirrored')
    expect(cornerProblem(cornersOf([10, 10, 90, 10, 90, 90, 10, 90]), page)).toBe('small')
  })

  it('are eight numbers, and points of SVG', () => {
    expect(quadOf(corners)).toEqual([120, 80, 1600, 130, 1560, 2290, 60, 2200])
    expect(svgPoints(corners.slice(0, 2))).toBe('120.0,80.0 1600.0,130.0')
    expect(insidePolygon({ x: 800, y: 1000 }, corners)).toBe(true)
    expect(insidePolygon({ x: 70, y: 90 }, corners)).toBe(false)
    expect(insidePolygon({ x: 800, y: 1000 }, [...corners].reverse())).toBe(true)
  })
})

describe('a turned page', () => {
  it('shows its stored top left where the turn carries it, and back', () => {
    expect(toShown({ x: 0, y: 0 }, page, 1)).toEqual({ x: 2339, y: 0 })
    expect(toShown({ x: 0, y: 0 }, page, 2)).toEqual({ x: 1654, y: 2339 })
    expect(toShown({ x: 0, y: 0 }, page, 3)).toEqual({ x: 0, y: 1654 })
    for (const turns of [0, 1, 2, 3] as Turns[]) {
      expect(toStored(toShown({ x: 100, y: 30 }, page, turns), page, turns)).toEqual({ x: 100, y: 30 })
    }
    expect(turnedSize(page, 3)).toEqual({ width: 2339, height: 1654 })
  })
})

describe('the view of a page', () => {
  it('shows all of it in the middle at first', () => {
    const view = fit(page, frame)
    expect(toScreen(view, { x: 827, y: 1169.5 })).toEqual({ x: 450, y: 350 })
    expect(page.height * view.scale).toBeLessThanOrEqual(700)
  })

  it('zooms about the pointer: what lies under it stays there', () => {
    const before = zoomAt(fit(page, frame), 4, { x: 450, y: 350 }, page, frame)
    const at = { x: 300, y: 200 }
    const after = zoomAt(before, 1.25, at, page, frame)
    expect(toPage(after, at).x).toBeCloseTo(toPage(before, at).x, 6)
    expect(toPage(after, at).y).toBeCloseTo(toPage(before, at).y, 6)
  })

  it('never lets the page out of sight', () => {
    const near = zoomAt(fit(page, frame), 5, { x: 450, y: 350 }, page, frame)
    const far = panBy(near, 1e6, 1e6, page, frame)
    expect(far.x).toBeLessThanOrEqual(24)
    expect(far.y).toBeLessThanOrEqual(24)
    const small = keepInside({ scale: 0.01, x: 5000, y: 5000 }, page, frame)
    expect(small.x).toBeCloseTo((900 - 16.54) / 2)
    expect(zoomAt(near, 1e9, { x: 0, y: 0 }, page, frame).scale).toBe(8)
  })

  it('goes to a field, or only as far as needed to see it', () => {
    const field = { x: 380, y: 2100, width: 800, height: 100 }
    const close = lookAt(field, page, frame)
    const middle = toScreen(close, { x: 780, y: 2150 })
    expect(middle.x).toBeCloseTo(450, 0)
    expect(field.width * close.scale).toBeCloseTo(540, 0)
    const near = zoomAt(fit(page, frame), 3, { x: 450, y: 0 }, page, frame)
    const shown = toScreen(reveal(near, field, page, frame), field)
    expect(shown.y).toBeGreaterThanOrEqual(0)
    expect(shown.y + 100 * near.scale).toBeLessThanOrEqual(700)
    const whole = fit(page, frame)
    expect(reveal(whole, field, page, frame)).toBe(whole)
  })
})

describe('arrows', () => {
  // two columns of three
  const places = [0, 1, 2].flatMap((row) => [0, 1].map((column) => ({ x: column * 500, y: row * 60 })))

  it('go to the nearest field that way, straight on before aside', () => {
    expect(neighbour(places, 0, 'ArrowDown')).toBe(2)
    expect(neighbour(places, 0, 'ArrowRight')).toBe(1)
    expect(neighbour(places, 5, 'ArrowUp')).toBe(3)
    expect(neighbour(places, 5, 'ArrowLeft')).toBe(4)
  })
  it('stay at the edge, and start anywhere', () => {
    expect(neighbour(places, 0, 'ArrowUp')).toBe(-1)
    expect(neighbour(places, 1, 'ArrowRight')).toBe(-1)
    expect(neighbour(places, -1, 'ArrowDown')).toBe(0)
    expect(neighbour([], -1, 'ArrowDown')).toBe(-1)
  })
})
