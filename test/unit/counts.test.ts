import { expect, test } from 'vitest'
import { countOf, decimalSigns, isCount } from '../../src/core/lexicon/counts'

const counted = (...cells: string[]): (number | null)[] => {
  const decimals = decimalSigns(cells)
  return cells.map((cell) => countOf(cell, decimals))
}

test('separated thousands are thousands, however they are separated', () => {
  expect(counted('1.234', '1,234', '1 234', '1\u00a0234', '1\u202f234', "1'234", '1.234.567', '12')).toEqual([
    1234, 1234, 1234, 1234, 1234, 1234, 1_234_567, 12
  ])
})

test('a column of decimals is one, also where a cell has three of them', () => {
  expect(counted('12.5', '1.234', '1,234.5')).toEqual([13, 1, 1235])
  expect(counted('1234.0', '0.2')).toEqual([1234, null])
})

test('what is no number of names is refused', () => {
  expect(counted('', '0', '1 2 3', '12 %', '1.2.3', '-4', 'many')).toEqual(Array(7).fill(null))
  expect(isCount('1 2')).toBe(false)
})
