/** A window whose process ended finds what was typed; Alt alone is no key of a browser's. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { TypedTexts } from '../../src/renderer/src/lib/desk/typed'
import { kept } from '../../src/renderer/src/lib/kept'
import { leavesThePage } from '../../src/renderer/src/lib/keys'

beforeEach(() => {
  const store = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => store.set(key, value)
  })
})
afterEach(() => vi.unstubAllGlobals())

it('gives back what was typed in this project, and in no other', () => {
  const typed = new TypedTexts('/a project')
  typed.set(7, 'O’HA')
  typed.set(8, 'ZOË')
  typed.delete(8)
  expect([...new TypedTexts('/a project')]).toEqual([[7, 'O’HA']])
  expect([...new TypedTexts('/another')]).toEqual([])
})

it('does without a storage', () => {
  vi.stubGlobal('sessionStorage', undefined)
  expect(kept('place')).toBeNull()
})

it.each([
  ['Alt', true, false, true],
  ['ArrowLeft', true, false, true],
  ['ArrowLeft', false, false, false],
  ['b', true, false, false],
  ['Alt', true, true, false]
])('%s with Alt %s on a Mac %s leaves the page: %s', (key, altKey, mac, leaves) => {
  expect(leavesThePage({ key, altKey }, mac)).toBe(leaves)
})
