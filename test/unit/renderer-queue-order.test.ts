/** How the review's queue is put in order, and what it says of fields that come at random. */
import { describe, expect, it } from 'vitest'
import { makeQueue, makeRow, settle } from '../fixtures/renderer-queue'

describe('the order of the queue', () => {
  it('keeps its order while readings come, and is put in order anew after a stretch, behind the pictures that are there', async () => {
    const { queue, rows, state } = makeQueue(100)
    await queue.start({})
    rows.delete(4)
    rows.set(101, makeRow(101))
    state.answer = { ids: [101, ...Array.from({ length: 100 }, (_, at) => 100 - at).filter((id) => id !== 4)] }
    await queue.refresh()
    expect(queue.ids.slice(0, 6)).toEqual([1, 2, 3, 5, 6, 7])
    expect(queue.ids.at(-1)).toBe(101)
    for (let step = 1; step < 20; step++) queue.next()
    await settle()
    const before = queue.ids
    expect(before.slice(0, 30)).toEqual(Array.from({ length: 31 }, (_, at) => at + 1).filter((id) => id !== 4))
    queue.next()
    await settle()
    expect(queue.ids.slice(0, 27)).toEqual(before.slice(0, 27))
    expect(queue.ids.slice(27, 30)).toEqual([101, 100, 99])
    expect(queue.current?.id).toBe(22)
    expect(state.asked.at(-1)!.held).toEqual(expect.arrayContaining([1, 3, 5, 22, 28]))
    // Nothing has changed since: nothing is asked for.
    const asked = state.asked.length
    for (let step = 1; step <= 25; step++) queue.next()
    await settle()
    expect(state.asked).toHaveLength(asked)
  })

  it('is put in order where a person comes back to it, if something has changed', async () => {
    const { queue, state } = makeQueue(30)
    await queue.start({})
    queue.arrive()
    await settle()
    expect(state.asked).toHaveLength(1)
    state.answer = { ids: Array.from({ length: 30 }, (_, at) => 30 - at) }
    await queue.refresh()
    queue.arrive()
    await settle()
    expect(queue.ids.slice(0, 8)).toEqual([1, 2, 3, 4, 5, 6, 7, 30])
  })

  it('says of each decision whether its field came at random, and how far the hand is known', async () => {
    const { queue, state } = makeQueue(40)
    state.answer = { random: [1, 3, 4], hand: { known: 5, about: 30 } }
    await queue.start({})
    for (const text of ['NAME 1', 'NAME 2', 'NAME 3']) queue.decide('accepted', text)
    await settle()
    expect(state.atRandom).toEqual([1, 3])
    expect(queue.hand).toEqual({ known: 7, about: 30 })
    state.answer = { random: [20] }
    await queue.sort()
    expect(queue.hand).toBeNull()
    queue.decide('accepted', 'NAME 4')
    await settle()
    // It was there already, and is at random as before.
    expect(state.atRandom).toEqual([1, 3, 4])
  })

  it('a field that was asked for by name did not come at random, unless it was the next', async () => {
    const { queue, state } = makeQueue(40)
    state.answer = { random: [1, 7], hand: { known: 0, about: 30 } }
    await queue.start({ fieldId: 7 })
    expect(queue.ids.slice(0, 3)).toEqual([7, 1, 2])
    queue.decide('accepted', 'NAME 7')
    queue.decide('accepted', 'NAME 1')
    await settle()
    expect(state.atRandom).toEqual([1])
    await queue.start({ fieldId: 2 })
    expect(queue.current?.id).toBe(2)
  })
})
