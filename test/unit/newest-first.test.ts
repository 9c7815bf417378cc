import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { newestFirst } from '../../src/reading/pages/process/newest-first'

/** Work that is ended by hand, and the order in which it began. */
function work() {
  const began: string[] = []
  const ends = new Map<string, () => void>()
  const named = (name: string) => (): Promise<string> => {
    began.push(name)
    return new Promise((resolve) => ends.set(name, () => resolve(name)))
  }
  return { began, named, end: (name: string) => (ends.get(name)!(), turn()) }
}

test('of what waits the newest goes first', async () => {
  const { began, named, end } = work()
  const inTurn = newestFirst(1)
  const all = Promise.all(['first', 'older', 'newer'].map((name) => inTurn(named(name))))
  await turn()
  expect(began).toEqual(['first'])
  for (const name of ['first', 'newer', 'older']) await end(name)
  expect(began).toEqual(['first', 'newer', 'older'])
  expect(await all).toEqual(['first', 'older', 'newer'])
})

test('what nobody waits for any more is left, and takes no place', async () => {
  const { began, named, end } = work()
  const inTurn = newestFirst(1)
  const leaving = new AbortController()
  const [first, left, last] = [
    inTurn(named('first')),
    inTurn(named('left'), leaving.signal),
    inTurn(named('last'), new AbortController().signal)
  ]
  leaving.abort()
  await expect(left).rejects.toThrow(/abort/)
  await expect(inTurn(named('late'), leaving.signal)).rejects.toThrow(/abort/)
  await end('first')
  await end('last')
  expect(await Promise.all([first, last])).toEqual(['first', 'last'])
  expect(began).toEqual(['first', 'last'])
})

test('work that fails gives its place to the next', async () => {
  const inTurn = newestFirst(1)
  const failing = inTurn(() => Promise.reject(new Error('unreadable')))
  const next = inTurn(() => Promise.resolve('read'))
  await expect(failing).rejects.toThrow('unreadable')
  expect(await next).toBe('read')
})
