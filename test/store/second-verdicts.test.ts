import { expect, test } from 'vitest'
import { same, verdictOf, verdictOfDecision } from '../../src/core/reviewers/second/verdicts'

test('a key says a state by its word as by its key, and agrees with whoever pressed the key', () => {
  expect(verdictOf('text', ' Ana  Lopez ')).toEqual({ kind: 'text', text: 'Ana Lopez' })
  expect(verdictOf('text', '')).toEqual({ kind: 'blank', text: null })
  expect(same(verdictOf('text', 'EMPTY'), verdictOfDecision('blank', null)!)).toBe(true)
  expect(same(verdictOf('text', 'unreadable'), verdictOfDecision('illegible', null)!)).toBe(true)
  expect(verdictOfDecision('flagged', null)).toBeNull()
})
