import { expect, test } from 'vitest'
import { reading } from '../../src/core/store/statements'
import { project } from '../fixtures/small-project'

test('a statement is compiled once, and gives rows as objects whoever asked before for values', () => {
  const db = project([{ reading: 'ANNA' }])
  const sql = 'SELECT count(*) AS count FROM fields'
  const first = reading<[], number>(db, sql).pluck()
  expect(first.get()).toBe(1)
  const second = reading<[], { count: number }>(db, sql)
  expect(second).toBe(first)
  expect(second.get()).toEqual({ count: 1 })
  expect(reading<[], [number]>(db, sql).raw().get()).toEqual([1])
  expect(reading<[], { count: number }>(db, sql).get()).toEqual({ count: 1 })
})
