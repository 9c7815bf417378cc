import { describe, expect, it } from 'vitest'
import type { Input, Output } from '../../src/shared/contract'
import type { Counts, FieldRow } from '../../src/shared/domain'
import { Desk } from '../../src/renderer/src/lib/desk/desk.svelte'
import type { Call, Operation, OutboxStore } from '../../src/renderer/src/lib/desk/outbox'
import { Queue } from '../../src/renderer/src/views/review/queue.svelte'

const counts: Counts = {
  total: 0,
  undecided: 0,
  accepted: 0,
  corrected: 0,
  blank: 0,
  illegible: 0,
  flagged: 0,
  failed: 0,
  read: 0,
  differs: 0
}
const makeRow = (id: number): FieldRow => ({
  id,
  file: `${id}.png`,
  page: 1,
  field: '',
  pageId: null,
  blank: null,
  status: 'undecided',
  text: `NAME ${id}`,
  origin: 'reading',
  imported: null,
  importedState: null,
  differs: false,
  reading: `NAME ${id}`,
  confidence: 0.5,
  calibrated: true,
  characters: [],
  alternatives: [],
  width: 100,
  height: 20,
  rotation: 0,
  note: null,
  model: 'm',
  reviewer: null,
  decidedAt: null,
  ink: 0,
  imageVersion: '1'
})

/** A core in memory whose connection can be cut, whose replies can be held back and whose decisions can be refused. */
function makeCore(size: number) {
  const rows = new Map(Array.from({ length: size }, (_, index) => [index + 1, makeRow(index + 1)]))
  const acts: FieldRow[] = []
  const state = {
    open: '/a',
    lost: false,
    refuse: false,
    decided: [] as number[],
    atRandom: [] as number[],
    held: null as Promise<void> | null,
    /** What `fields.ids` answers beside the undecided ones, or in their place. */
    answer: {} as Partial<Output<'fields.ids'>>,
    asked: [] as Input<'fields.ids'>[]
  }
  const reply = (changed: FieldRow[]) => ({ action: acts.length, rows: changed, changed: changed.length, counts })
  const calls: Record<string, (input: never) => unknown> = {
    'fields.ids': (input: Input<'fields.ids'>) => {
      state.asked.push(input)
      const ids = [...rows.values()].filter((row) => row.status === 'undecided').map((row) => row.id)
      return { ids: ids.filter((id) => !input.held?.includes(id)), ...state.answer }
    },
    'fields.rows': ({ ids }: { ids: number[] }) => ({ rows: ids.flatMap((id) => rows.get(id) ?? []) }),
    'review.decide': ({ ids, kind, text, seen, random }: Input<'review.decide'>) => {
      const row = rows.get(ids[0]!)!
      if (random) state.atRandom.push(row.id)
      if (seen !== undefined && seen !== row.decidedAt)
        throw Object.assign(new Error('Decided meanwhile.'), { code: 'conflict' })
      acts.push(row)
      state.decided.push(row.id)
      rows.set(row.id, { ...row, status: kind, text: text ?? null, reviewer: 'Ada', decidedAt: `${acts.length}` })
      return reply([rows.get(row.id)!])
    },
    'review.undo': () => {
      const row = acts.pop()
      if (row) rows.set(row.id, row)
      return reply(row ? [row] : [])
    }
  }
  const call = (async (name: string, input: never) => {
    if (name.startsWith('review.') && state.held) await state.held
    if (state.lost) throw Object.assign(new Error('lost'), { code: 'lost' })
    if (name.startsWith('review.') && ((input as { project?: string }).project ?? state.open) !== state.open)
      throw Object.assign(new Error('Another project is open.'), { code: 'other-project' })
    if (state.refuse && name === 'review.decide')
      throw Object.assign(new Error('The disk is full.'), { code: 'refused' })
    return structuredClone(calls[name]!(input))
  }) as unknown as Call
  return { rows, state, call }
}

/** What waits, in memory as it would be in the browser. */
const makeStore = (stored: Operation[]): OutboxStore => ({
  read: async () => [...stored],
  add: async (operation) => void stored.push(operation),
  remove: async ({ request }) =>
    void stored.splice(
      stored.findIndex((other) => other.request === request),
      1
    )
})

function makeQueue(size: number, stored: Operation[] = []) {
  const core = makeCore(size)
  const told: string[] = []
  const near: number[] = []
  const hooks = {
    call: core.call,
    counts: () => undefined,
    tell: (_: string, message: string) => void told.push(message)
  }
  const desk = new Desk(hooks, { project: '/a', store: makeStore(stored) })
  const queue = new Queue(desk, { near: (row) => near.push(row.id) })
  return { ...core, desk, queue, told, near, stored }
}

/** Lets all promises settle. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

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
