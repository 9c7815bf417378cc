import { describe, expect, it, vi } from 'vitest'
import type { Completion as Item } from '../../src/shared/contract/lexicon'

// The module that is tested reaches the core through the page's transport, which is not there.
vi.mock('../../src/renderer/src/lib/api', () => ({ call: vi.fn() }))
const { Completion, wants } = await import('../../src/renderer/src/views/review/completion.svelte')

const item = (text: string): Item => ({ text, source: 'lexicon', lexicon: 'Surnames', count: 3, evidence: -2 })
const typed = (text: string, more = {}) => ({ id: 1, text, reading: 'MARVELIAN', atEnd: true, ...more })

async function opened(texts: string[] = ['OSTREVIN', 'OSTREVAL']) {
  const found = vi.fn()
  const ask = vi.fn(async () => texts.map(item))
  const completion = new Completion(found, ask)
  completion.typed(typed('O'))
  completion.typed(typed('OS'))
  await vi.waitFor(() => expect(completion.open).toBe(true))
  return { completion, found, ask }
}

it('is wanted after two typed characters of another text than was read, at its end', () => {
  expect(wants(typed('OS'), 2)).toBe(true)
  expect(wants(typed('OS'), 1)).toBe(false)
  expect(wants(typed('O'), 5)).toBe(false)
  expect(wants(typed('MARVELIAN'), 9)).toBe(false)
  expect(wants(typed('OS', { atEnd: false }), 2)).toBe(false)
})

describe('the list', () => {
  it('is asked for once after typing rests, and says how many there are', async () => {
    const { ask, found } = await opened()
    expect(ask).toHaveBeenCalledExactlyOnceWith(1, 'OS')
    expect(found).toHaveBeenCalledExactlyOnceWith(2)
  })
  it('leaves Enter alone until one was chosen', async () => {
    const { completion } = await opened()
    expect(completion.press('Enter', true)).toBeNull()
    expect(completion.press('ArrowDown', true)).toBe('kept')
    expect(completion.press('ArrowDown', true)).toBe('kept')
    expect(completion.press('Enter', true)).toEqual({ take: 'OSTREVAL' })
    expect(completion.open).toBe(false)
    expect(completion.press('ArrowDown', true)).toBeNull()
  })
  it('gives its first with Tab, and with the right arrow only at the end of the text', async () => {
    expect((await opened()).completion.press('Tab', false)).toEqual({ take: 'OSTREVIN' })
    const { completion } = await opened()
    expect(completion.press('ArrowRight', false)).toBeNull()
    expect(completion.press('ArrowRight', true)).toEqual({ take: 'OSTREVIN' })
  })
  it('goes round over no choice, and closes with Escape', async () => {
    const { completion } = await opened()
    completion.press('ArrowUp', true)
    expect(completion.chosen).toBe(1)
    completion.press('ArrowDown', true)
    expect(completion.chosen).toBe(-1)
    expect(completion.press('Escape', true)).toBe('kept')
    expect(completion.open).toBe(false)
  })
  it('does not offer the text itself, nor an answer that came too late', async () => {
    let answer: (items: Item[]) => void = () => undefined
    const completion = new Completion(vi.fn(), () => new Promise((resolve) => (answer = resolve)))
    completion.typed(typed('OS'))
    completion.typed(typed('OST'))
    await new Promise((resolve) => setTimeout(resolve, 90))
    completion.leave()
    answer([item('OSTREVIN')])
    await Promise.resolve()
    expect(completion.open).toBe(false)
    const other = new Completion(vi.fn(), async () => [item('OST')])
    other.typed(typed('OS'))
    other.typed(typed('OST'))
    await new Promise((resolve) => setTimeout(resolve, 90))
    expect(other.open).toBe(false)
  })
})
