import { expect, test } from 'vitest'
import { shuffle } from '../../src/core/review/shuffle'
import { comparable, fold, knownCharacters } from '../../src/core/store/compare'

test('fold takes away case and accents of any alphabet', () => {
  expect(fold('ÉLODIE Ångström')).toBe('elodie angstrom')
  expect(fold('Łukasz GROẞ')).toBe('lukasz gross')
  expect(fold('ΆΝΝΑ Йорг')).toBe('αννα иорг')
  expect(fold('👩‍🎤 <b>=1+1')).toBe('👩‍🎤 <b>=1+1')
})

test('what is comparable keeps the accents that are known', () => {
  const known = knownCharacters(['E', 'É', '-', "'"])
  expect(comparable('éèE', known)).toBe('éee')
  expect(comparable('E\u0301', known)).toBe('é')
  expect(comparable(' D’Arc–Lys\n', known)).toBe("d'arc-lys")
})

test('a shuffle holds everything once and leaves few where they were', () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => index * 3 + 1)
  const shuffled = shuffle(ids, 42)
  expect([...shuffled].sort((a, b) => a - b)).toEqual(ids)
  expect(shuffled.filter((id, index) => id === ids[index]).length).toBeLessThan(20)
  const neighbours = shuffled.filter((id, index) => Math.abs(id - (shuffled[index - 1] ?? -99)) === 3)
  expect(neighbours.length).toBeLessThan(20)
  expect(shuffle(ids, 43).filter((id, index) => id === shuffled[index]).length).toBeLessThan(20)
})
