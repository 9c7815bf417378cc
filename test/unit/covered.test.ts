import { expect, test } from 'vitest'
import { coveredShare } from '../../src/reading/pages/crop/covered'
import type { Quad } from '../../src/shared/forms'

const [width, height] = [200, 100]
const box = (left: number, top: number, right: number, bottom: number): Quad => [
  left,
  top,
  right,
  top,
  right,
  bottom,
  left,
  bottom
]
/** Strokes from x = 110 to 180, y = 10 to 30, on white paper. */
const page = (() => {
  const data = Buffer.alloc(width * height, 255)
  for (let y = 10; y < 30; y++) for (let x = 110; x < 180; x += 3) data[y * width + x] = 0
  return { data, width, height, channels: 1 as const }
})()

test('of a box with ink it is the ink that counts, not the paper around it', () => {
  expect(coveredShare(page, box(100, 0, 200, 60), box(105, 5, 185, 35))).toBe(1)
  expect(coveredShare(page, box(100, 0, 200, 60), box(145, 0, 200, 60))).toBeCloseTo(0.5, 1)
})

test('a box that was empty is the same one where each is mostly in the other: never one that was drawn over ink', () => {
  const empty = box(0, 0, 100, 40)
  expect(coveredShare(page, empty, box(2, 2, 102, 42))).toBeGreaterThan(0.9)
  expect(coveredShare(page, empty, box(0, 0, 200, 40))).toBe(0.5)
  expect(coveredShare(page, empty, box(100, 0, 200, 40))).toBe(0)
})
