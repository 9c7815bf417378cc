import { describe, expect, it, vi } from 'vitest'
import type { NameGroup } from '../../src/shared/contract/names'
import type { FieldRow } from '../../src/shared/domain'
import { placeOfKey } from '../../src/renderer/src/lib/places'
import { added, nextOpen } from '../../src/renderer/src/views/names/groups'
import { Desk } from '../../src/renderer/src/lib/desk/desk.svelte'
import type { Call } from '../../src/renderer/src/lib/desk/outbox'
import { NamesModel } from '../../src/renderer/src/views/names/model.svelte'

describe('keys in the grid', () => {
  // 0 1 2
  // 3 4 5
  // 6 7
  const shape = { count: 8, columns: 3, rows: 2 }
  it.each([
    ['ArrowRight', 2, 3],
    ['ArrowRight', 7, 7],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 1, 4],
    ['ArrowDown', 5, 7],
    ['ArrowDown', 7, 7],
    ['ArrowUp', 7, 4],
    ['ArrowUp', 2, 2],
    ['PageDown', 1, 7],
    ['PageDown', 2, 5],
    ['PageUp', 7, 1],
    ['Home', 5, 0],
    ['End', 1, 7],
    ['x', 1, null]
  ])('%s from %i leads to %s', (key, from, to) => {
    expect(placeOfKey(key, from, shape)).toBe(to)
  })
})

it('the next group is the next that is not done, from the start again at the end', () => {
  const done =
    (...ids: number[]) =>
    (id: number) =>
      ids.includes(id)
  expect(nextOpen([7, 8, 9], 0, done())).toBe(1)
  expect(nextOpen([7, 8, 9], 0, done(8))).toBe(2)
  expect(nextOpen([7, 8, 9], 2, done(9))).toBe(0)
  expect(nextOpen([7, 8, 9], 2, done(7, 8, 9))).toBe(-1)
  expect(nextOpen([], -1, done())).toBe(-1)
  expect(added([1, 2], [2, 3, 4])).toBe(2)
})

/** A core in memory: ANNA are fields 1–4, BEA 5–6. */
function makeCore() {
  const texts = new Map<number, string>([
    [1, 'ANNA'],
    [2, 'ANNA'],
    [3, 'ANNA'],
    [4, 'ANNA'],
    [5, 'BEA'],
    [6, 'BEA']
  ])
  const status = new Map<number, string>()
  const acts: number[][] = []
  const names = ['', 'ANNA', 'BEA']
  const state = { refuse: false, sent: [] as unknown[] }
  const fieldsOf = (id: number): number[] =>
    [...texts].filter(([field, text]) => text === names[id] && !status.has(field)).map(([field]) => field)
  const row = (id: number): FieldRow =>
    ({ id, text: texts.get(id), status: status.get(id) ?? 'undecided', confidence: 0.5 }) as unknown as FieldRow
  const group = (id: number): NameGroup => ({
    id,
    text: names[id]!,
    undecided: fieldsOf(id).length,
    decided: 0,
    worth: 1
  })
  const reply = (ids: number[]) => ({ action: 1, rows: ids.map(row), changed: ids.length, counts: {} })
  const calls: Record<string, (input: never) => unknown> = {
    'names.groups': () => ({ ids: [1, 2].filter((id) => fieldsOf(id).length > 0) }),
    'names.rows': ({ ids }: { ids: number[] }) => ({ rows: ids.map(group) }),
    'names.members': ({ id }: { id: number }) => {
      const ids = fieldsOf(id)
      return { ids, undecided: ids.length, needALook: Math.min(1, ids.length) }
    },
    'fields.rows': ({ ids }: { ids: number[] }) => ({ rows: ids.map(row) }),
    'review.decide': (input: { ids: number[]; kind: string; text?: string }) => {
      if (state.refuse) throw new Error('The disk is full.')
      state.sent.push({ ids: input.ids, kind: input.kind, text: input.text })
      for (const id of input.ids) status.set(id, input.kind)
      acts.push(input.ids)
      return reply(input.ids)
    },
    'review.undo': () => {
      const ids = acts.pop() ?? []
      for (const id of ids) status.delete(id)
      return reply(ids)
    }
  }
  const call = (async (name: string, input: unknown) => structuredClone(calls[name]!(input as never))) as Call
  return { state, texts, call }
}

async function start() {
  const core = makeCore()
  const tell = vi.fn()
  const desk = new Desk({ call: core.call, counts: vi.fn(), tell }, { project: '/a' })
  const model = new NamesModel(desk, { near: vi.fn() })
  await model.load()
  await vi.waitFor(() => expect(model.group(model.groupId)?.text).toBe('ANNA'))
  return { ...core, desk, tell, model }
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

describe('a group', () => {
  it('is confirmed in one act, but for what was taken out and corrected; the next one opens', async () => {
    const { model, state } = await start()
    model.move(1)
    expect(model.toggleOut()).toBe('out')
    model.correct(4, ' HANNA ')
    expect(model.confirmable).toEqual([1, 3])
    expect(model.confirm()).toBe(2)
    await vi.waitFor(() => expect(model.group(model.groupId)?.text).toBe('BEA'))
    await settled()
    expect(state.sent).toEqual([
      { ids: [4], kind: 'corrected', text: 'HANNA' },
      { ids: [1, 3], kind: 'accepted', text: 'ANNA' }
    ])
    expect(model.isDone(1)).toBe(true)
    model.confirm()
    await settled()
    expect(model.groupId).toBeNull()
  })
  it('is not skipped by a key that comes before it is there', async () => {
    const { model, state } = await start()
    expect(model.confirm()).toBe(4)
    expect(model.confirm()).toBe(0)
    expect(model.toggleOut()).toBeNull()
    await settled()
    expect(model.group(model.openId)?.text).toBe('BEA')
    expect(model.isDone(2)).toBe(false)
    expect(state.sent).toHaveLength(1)
  })
  it('that was confirmed comes back undone, as it was', async () => {
    const { model, tell } = await start()
    model.move(1)
    model.toggleOut()
    model.confirm()
    await settled()
    model.undo()
    await vi.waitFor(() => expect(model.groupId).toBe(1))
    await settled()
    expect(tell).toHaveBeenCalledWith('done', 'Undone for 3 fields.')
    expect(model.isDone(1)).toBe(false)
    expect(model.confirmable).toEqual([1, 3, 4])
    expect(model.isOut(2)).toBe(true)
    model.undo()
    expect(model.isOut(2)).toBe(false)
    expect(model.confirmable).toEqual([1, 2, 3, 4])
  })
  it('is given back where the core refuses, and it is said', async () => {
    const { model, tell, state } = await start()
    state.refuse = true
    model.confirm()
    await vi.waitFor(() =>
      expect(tell).toHaveBeenCalledWith('failure', 'The decision was not stored: The disk is full.')
    )
    await settled()
    expect(model.groupId).toBe(1)
    expect(model.isDone(1)).toBe(false)
    expect(model.confirmable).toEqual([1, 2, 3, 4])
  })
  it('never confirms a field that somebody else decided on, nor one that came since', async () => {
    const { desk, model, texts, call } = await start()
    await call('review.decide', { ids: [2], kind: 'blank' })
    texts.set(7, 'ANNA')
    desk.fieldsChanged(null)
    await vi.waitFor(() => expect(model.more?.ids).toEqual([1, 3, 4, 7]), { timeout: 3000 })
    expect(model.members?.ids).toEqual([1, 2, 3, 4])
    expect(model.confirmable).toEqual([1, 3, 4])
    model.showMore()
    expect(model.confirmable).toEqual([1, 3, 4, 7])
  })
})
