import { expect, test } from 'vitest'
import { movedAt, movedByBar, tallOf } from '../../src/renderer/src/lib/tall'

const view = 800

test('a list of ordinary height is laid out as it is', () => {
  const tall = tallOf(44 * 100_000)
  expect(tall.laidOut).toBe(4_400_000)
  expect([0, 1_000_000, 4_400_000].map((y) => movedAt(tall, y))).toEqual([0, 0, 0])
  expect(movedByBar(tall, 3_000_000, view)).toBe(0)
})

test('of a taller one each row can be seen, up to the last', () => {
  for (const rows of [1_000_000, 10_000_000]) {
    const tall = tallOf(44 * rows)
    expect(tall.laidOut).toBeLessThan(17_000_000)
    for (let share = 0; share <= 1; share += 0.001) {
      const y = Math.floor(share * (tall.height - view))
      const scrollTop = y - movedAt(tall, y)
      expect(scrollTop, `${rows} ${share}`).toBeGreaterThanOrEqual(0)
      expect(scrollTop, `${rows} ${share}`).toBeLessThanOrEqual(tall.laidOut - view)
    }
    const end = tall.laidOut - view
    expect(end + movedAt(tall, tall.height - view)).toBe(tall.height - view)
  }
})

test('the scroll bar leads as far along as it is', () => {
  const tall = tallOf(440_000_000)
  for (const share of [0, 0.25, 0.5, 0.9, 1]) {
    const scrollTop = share * (tall.laidOut - view)
    const y = scrollTop + movedByBar(tall, scrollTop, view)
    expect(Math.abs(y / (tall.height - view) - share)).toBeLessThan(0.01)
  }
})
