import { expect, it } from 'vitest'
import { windowTitle } from '../../src/renderer/src/lib/windowTitle'

it('says first how far a long operation is', () => {
  expect(windowTitle(null, null)).toBe('Nomina')
  expect(windowTitle('Parish', { status: 'running', done: 1, total: 3 })).toBe('33 % · Parish – Nomina')
  expect(windowTitle('Parish', { status: 'paused', done: 3, total: 3 })).toBe('⏸ 100 % · Parish – Nomina')
  expect(windowTitle('Parish', { status: 'running', done: 5, total: null })).toBe('Parish – Nomina')
})
