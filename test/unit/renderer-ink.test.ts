import { describe, expect, it } from 'vitest'
import { inkBox } from '../../src/renderer/src/views/review/ink'

/** Paper of a grey with a rectangle of ink. */
function crop(width: number, height: number, paper: number, ink: { at: number[]; level: number }): Uint8ClampedArray {
  const grey = new Uint8ClampedArray(width * height).fill(paper)
  const [left, top, right, bottom] = ink.at as [number, number, number, number]
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) grey[y * width + x] = ink.level
  return grey
}

describe('the ink of a crop', () => {
  it('is found on white and on grey paper, with room around it', () => {
    for (const paper of [255, 180])
      expect(inkBox(crop(300, 100, paper, { at: [100, 40, 200, 60], level: 60 }), 300, 100)).toEqual({
        x: 95,
        y: 35,
        width: 110,
        height: 30
      })
  })
  it('keeps within the crop', () => {
    expect(inkBox(crop(60, 20, 250, { at: [0, 8, 60, 12], level: 0 }), 60, 20)).toEqual({
      x: 0,
      y: 7,
      width: 60,
      height: 6
    })
  })
  it('is not dust, and not a shade of the paper', () => {
    const dusty = crop(300, 100, 255, { at: [100, 40, 200, 60], level: 60 })
    dusty[5 * 300 + 5] = 0
    expect(inkBox(dusty, 300, 100)?.x).toBe(95)
    expect(inkBox(crop(300, 100, 240, { at: [100, 40, 200, 60], level: 215 }), 300, 100)).toBeNull()
    expect(inkBox(new Uint8ClampedArray(100).fill(255), 10, 10)).toBeNull()
  })
})
