import { expect, test } from 'vitest'
import { rateOf } from '../../src/core/review/pace'

const minute = 60_000

test('a steady reviewer', () => {
  expect(rateOf([10, 8, 6, 4, 2, 0].map((second) => second * 1000))).toBe(30)
})

test('a break does not count', () => {
  const times = [0, 2, 4, 6, 8].map((second) => second * 1000)
  expect(rateOf([...times.map((time) => time + 20 * minute), ...times].sort((a, b) => b - a))).toBe(30)
})

test('too little to say', () => {
  expect(rateOf([])).toBeNull()
  expect(rateOf([3000, 2000, 1000, 0])).toBeNull()
  expect(rateOf([0, 0, 0, 0, 0, 0])).toBeNull()
})
