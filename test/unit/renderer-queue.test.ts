import { describe, expect, it } from 'vitest'
import { Desk } from '../../src/renderer/src/lib/desk/desk.svelte'
import { makeQueue, makeRow, makeStore, settle } from '../fixtures/renderer-queue'

describe('the queue', () => {
  it('starts with the first field and the pictures of the next ones', async () => {
    const { queue, near } = makeQueue(50)
    await queue.start({})
    expect(queue.current?.id).toBe(1)
    expect(near).toEqual(expect.arrayContaining([1, 2, 3, 4, 5]))
  })

  it('starts at a named field, with what comes before it behind', async () => {
    const { queue } = makeQueue(50)
    await queue.start({ fieldId: 20 })
    expect(queue.current?.id).toBe(20)
    expect(queue.at(-1)?.id).toBe(19)
  })

  it('knows of a long queue what comes next, and asks for more before that ends', async () => {
    const { queue, state } = makeQueue(3000)
    await queue.start({ order: 'file' })
    expect(queue.ids).toHaveLength(1000)
    expect(queue.found).toBe(3000)
    for (let step = 0; step < 750; step++) queue.next()
    await settle()
    expect(state.asked).toHaveLength(2)
    expect(queue.ids).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1))
    expect(queue.found).toBe(3000)
    await queue.start({ fieldId: 2500 })
    expect([queue.current?.id, queue.at(-1)?.id, queue.found]).toEqual([2500, 2499, 3000])
  })

  it('goes on at once and shows a decision as stored only when it is', async () => {
    const { desk, queue, state } = makeQueue(5)
    await queue.start({})
    let release = (): void => undefined
    state.held = new Promise((resolve) => (release = resolve))
    queue.decide('accepted', 'NAME 1')
    expect(queue.current?.id).toBe(2)
    expect(desk.saving.get(1)).toBe('saving')
    await settle()
    expect(desk.saving.get(1)).toBe('saving')
    release()
    await settle()
    expect(desk.saving.get(1)).toBe('saved')
    expect(queue.at(-1)?.reviewer).toBe('Ada')
  })

  it('goes on from what was decided while another order was on its way', async () => {
    const { queue, state } = makeQueue(5)
    await queue.start({})
    const reordered = queue.start({ order: 'file' })
    queue.decide('accepted', 'NAME 1')
    await reordered
    expect(queue.current?.id).toBe(2)
    await settle()
    expect(state.decided).toEqual([1])
  })

  it('is not over the decision that somebody else makes while the field is on screen, until it was shown', async () => {
    const { desk, queue, rows, state, told } = makeQueue(3)
    await queue.start({})
    const others = { ...queue.current!, status: 'accepted' as const, text: 'BY BOB', reviewer: 'Bob', decidedAt: '9' }
    rows.set(1, others)
    desk.rows.patch([others])
    expect(queue.current?.text).toBe('BY BOB')
    queue.decide('accepted')
    expect(queue.current?.id).toBe(2)
    await settle()
    expect([state.decided, told]).toEqual([[], [expect.stringContaining('Decided meanwhile.')]])
    expect(queue.current).toMatchObject({ id: 1, text: 'BY BOB' })
    queue.decide('corrected', 'BY ADA')
    await settle()
    expect(rows.get(1)?.text).toBe('BY ADA')
  })

  it('sees its own decision that is on its way, and no decision of another window', async () => {
    const { queue, state, rows, told } = makeQueue(5)
    await queue.start({})
    let release = (): void => undefined
    state.held = new Promise((resolve) => (release = resolve))
    queue.decide('accepted', 'NAME 1')
    queue.back()
    queue.decide('corrected', 'NAMED 1')
    release()
    await settle()
    expect(rows.get(1)?.text).toBe('NAMED 1')
    rows.set(2, { ...rows.get(2)!, text: 'ELSEWHERE', decidedAt: 'then' })
    queue.decide('accepted', 'NAME 2')
    await settle()
    expect(rows.get(2)?.text).toBe('ELSEWHERE')
    expect(told.join()).toContain('Decided meanwhile.')
  })

  it('has the next row there for every step through many', async () => {
    const { queue } = makeQueue(200)
    await queue.start({})
    for (let step = 1; step <= 199; step++) {
      queue.decide('accepted', 'X')
      await Promise.resolve()
      if (step % 5 === 0) await settle()
      expect(queue.current?.id).toBe(step + 1)
    }
  })

  it('gives a refused decision back with its text and says why', async () => {
    const { desk, queue, state, told } = makeQueue(5)
    await queue.start({})
    state.refuse = true
    queue.decide('corrected', 'TYPED')
    await settle()
    expect(queue.current?.id).toBe(1)
    expect(queue.current?.status).toBe('undecided')
    expect(desk.drafts.get(1)).toBe('TYPED')
    expect(told.join()).toContain('The disk is full.')
  })

  it('keeps decisions over a lost connection and stores them in their order', async () => {
    const { desk, queue, state, stored } = makeQueue(5)
    await queue.start({})
    state.lost = true
    queue.decide('accepted', 'NAME 1')
    queue.decide('blank')
    queue.decide('illegible')
    await settle()
    expect(queue.current?.id).toBe(4)
    expect(desk.waiting).toBe(3)
    expect(desk.lost).toBe('lost')
    expect(stored).toHaveLength(3)
    state.lost = false
    desk.reconnected()
    await settle()
    expect(state.decided).toEqual([1, 2, 3])
    expect(desk.waiting).toBe(0)
    expect(desk.lost).toBeNull()
    expect(stored).toEqual([])
  })

  it('never decides in another project, and keeps what was decided for its own', async () => {
    const { desk, queue, state, stored, call } = makeQueue(5)
    await queue.start({})
    state.open = '/b'
    queue.decide('accepted', 'NAME 1')
    await settle()
    queue.undo()
    queue.decide('blank')
    desk.close()
    desk.reconnected()
    await settle()
    expect(state.decided).toEqual([])
    expect(stored).toMatchObject([{ kind: 'decide', input: { ids: [1], kind: 'blank' }, project: '/a' }])
    state.open = '/a'
    new Desk({ call, counts: () => undefined, tell: () => undefined }, { project: '/a', store: makeStore([...stored]) })
    await settle()
    expect(state.decided).toEqual([1])
  })

  it('stays as it was where another filter could not be asked for', async () => {
    const { queue, state, told } = makeQueue(5)
    await queue.start({})
    state.lost = true
    await queue.start({ filter: { status: 'blank' } })
    expect(queue.filter).toEqual({ status: 'undecided' })
    expect(queue.current?.id).toBe(1)
    expect(told).toHaveLength(1)
  })

  it('sends what was kept over a reload', async () => {
    const { state } = makeQueue(5, [
      { kind: 'decide', input: { ids: [3], kind: 'blank' }, request: 'r', project: '/a', at: 1 }
    ])
    await settle()
    expect(state.decided).toEqual([3])
  })

  it('undoes by going back to the field', async () => {
    const { queue } = makeQueue(5)
    await queue.start({})
    queue.decide('accepted', 'NAME 1')
    queue.decide('accepted', 'NAME 2')
    await settle()
    queue.undo()
    await settle()
    expect(queue.current?.id).toBe(2)
    expect(queue.current?.status).toBe('undecided')
  })

  it('undoes what was not sent without a call', async () => {
    const { desk, queue, state } = makeQueue(5)
    await queue.start({})
    state.lost = true
    queue.decide('accepted', 'NAME 1')
    await settle()
    queue.undo()
    expect(queue.current?.id).toBe(1)
    expect(queue.current?.status).toBe('undecided')
    expect(desk.waiting).toBe(0)
  })

  it('says that there is nothing to undo', async () => {
    const { queue, told } = makeQueue(5)
    await queue.start({})
    queue.undo()
    await settle()
    expect(told).toEqual(['Nothing to undo.'])
  })

  it('takes in new fields without moving the current one', async () => {
    const { queue, rows } = makeQueue(5)
    await queue.start({})
    queue.decide('accepted', 'NAME 1')
    queue.next()
    await settle()
    rows.set(99, makeRow(99))
    await queue.refresh()
    expect(queue.current?.id).toBe(3)
    expect(queue.ids).toEqual([1, 2, 3, 4, 5, 99])
  })

  it('ends after the last, and starts again with what was skipped', async () => {
    const { queue } = makeQueue(3)
    await queue.start({})
    queue.decide('accepted', 'NAME 1')
    queue.next()
    queue.decide('accepted', 'NAME 3')
    await settle()
    expect(queue.currentId).toBeNull()
    queue.back()
    expect(queue.current?.id).toBe(3)
    await queue.start({})
    expect(queue.ids).toEqual([2])
  })
})
