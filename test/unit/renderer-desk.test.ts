/** One desk: what is decided in one view and taken back in another leaves in the order in which it was done. */
import { describe, expect, it, vi } from 'vitest'
import type { Input } from '../../src/shared/contract'
import type { FieldRow } from '../../src/shared/domain'
import { Desk } from '../../src/renderer/src/lib/desk/desk.svelte'
import type { Call, Operation, OutboxStore } from '../../src/renderer/src/lib/desk/outbox'

/** A core in memory that can be out of reach, and that refuses a text. */
function makeDesk(stored: Operation[] = []) {
  const state = { lost: false, sent: [] as string[], ...({} as Pick<Input<'review.decide'>, 'ink' | 'asOf'>) }
  const rows = new Map(
    [1, 2, 3].map((id) => [
      id,
      { id, status: 'undecided', text: `NAME ${id}`, decidedAt: null, ink: id, textAsOf: 0 } as FieldRow
    ])
  )
  const acts: number[][] = []
  const reply = (ids: number[]) => ({
    action: 1,
    rows: ids.map((id) => rows.get(id)!),
    changed: ids.length,
    left: 0,
    counts: {}
  })
  const answers: Record<string, (input: never) => unknown> = {
    'fields.rows': ({ ids }: { ids: number[] }) => ({ rows: ids.map((id) => rows.get(id)!) }),
    'review.decide': ({ ids, kind, text, seen, ink, asOf }: Input<'review.decide'>) => {
      Object.assign(state, { ink, asOf })
      if (typeof ink === 'number' && rows.get(ids[0]!)!.ink > ink)
        throw Object.assign(new Error('It shows something else.'), { code: 'other-ink' })
      if (text === 'REFUSED') throw new Error('The disk is full.')
      const saw = (id: number): string | null => (Array.isArray(seen) ? seen[ids.indexOf(id)]! : (seen ?? null))
      const done = ids.filter((id) => saw(id) === rows.get(id)!.decidedAt)
      acts.push(done)
      for (const id of done) rows.set(id, { ...rows.get(id)!, status: kind, decidedAt: `act ${acts.length}` })
      return { ...reply(done), left: ids.length - done.length }
    },
    'review.undo': () => {
      const ids = acts.pop() ?? []
      for (const id of ids) rows.set(id, { ...rows.get(id)!, status: 'undecided', decidedAt: null })
      return reply(ids)
    }
  }
  const call = (async (name: string, input: { ids?: number[] }) => {
    if (state.lost) throw Object.assign(new Error('lost'), { code: 'lost' })
    if (name.startsWith('review.')) state.sent.push(`${name} ${input.ids ?? ''}`.trim())
    return structuredClone(answers[name]!(input as never))
  }) as unknown as Call
  const store: OutboxStore = {
    read: async () => [...stored],
    add: async (operation) => void stored.push(operation),
    remove: async ({ request }) =>
      void stored.splice(
        stored.findIndex((other) => other.request === request),
        1
      )
  }
  const tell = vi.fn()
  const desk = new Desk({ call, counts: () => undefined, tell }, { project: '/a', store })
  return { desk, rows, state, stored, tell }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
const shown = { status: 'accepted', text: 'ADA' } as const

describe('the desk', () => {
  it('sends an undo of one view after the decisions of the others', async () => {
    const { desk, state } = makeDesk()
    await desk.rows.load([1, 2, 3])
    desk.decide({ ids: [1], kind: 'accepted' }, shown)
    desk.decide({ ids: [2, 3], kind: 'blank' }, null)
    await settled()
    const back = vi.fn()
    const other = vi.fn()
    desk.show({ wentBack: other })
    desk.undo(back)
    desk.decide({ ids: [2], kind: 'illegible' }, shown)
    await settled()
    expect(state.sent).toEqual(['review.decide 1', 'review.decide 2,3', 'review.undo', 'review.decide 2'])
    expect(back).toHaveBeenCalledWith({ ids: [2, 3], changed: 2, sent: true })
    expect(other).toHaveBeenCalledWith('undo', { ids: [2, 3], changed: 2, sent: true })
    expect([1, 2, 3].map((id) => desk.row(id)?.status)).toEqual(['accepted', 'illegible', 'undecided'])
  })

  it('leaves what was decided elsewhere since it was seen, and says how many', async () => {
    const { desk, rows, tell } = makeDesk()
    await desk.rows.load([1, 2, 3])
    rows.set(3, { ...rows.get(3)!, status: 'corrected', decidedAt: 'elsewhere' })
    desk.decide({ ids: [1, 2], kind: 'accepted' }, null)
    desk.decide({ ids: [1, 2, 3], kind: 'blank' }, null)
    await settled()
    expect([1, 2, 3].map((id) => rows.get(id)?.status)).toEqual(['blank', 'blank', 'corrected'])
    expect(tell).toHaveBeenCalledWith('note', expect.stringContaining('1'))
  })

  it('takes back what was not sent, whichever view it is of, and shows what was decided before', async () => {
    const { desk, state, stored } = makeDesk()
    await desk.rows.load([1])
    state.lost = true
    const first = vi.fn()
    const second = vi.fn()
    desk.decide({ ids: [1], kind: 'accepted' }, { status: 'accepted', text: 'ADA' }, first)
    desk.decide({ ids: [1], kind: 'blank' }, { status: 'blank', text: null }, second)
    await settled()
    expect([desk.row(1)?.status, desk.waiting]).toEqual(['blank', 2])
    desk.undo()
    expect(second).toHaveBeenCalledWith(null)
    expect([desk.row(1)?.text, desk.saving.get(1)]).toEqual(['ADA', 'saving'])
    desk.undo()
    expect(first).toHaveBeenCalledWith(null)
    expect([desk.row(1)?.status, desk.saving.get(1), desk.waiting]).toEqual(['undecided', undefined, 0])
    await settled()
    expect(stored).toEqual([])
  })

  it('says no longer that the connection is lost once nothing waits for it', async () => {
    const { desk, state } = makeDesk()
    await desk.rows.load([1])
    state.lost = true
    desk.decide({ ids: [1], kind: 'accepted' }, shown)
    await settled()
    expect([desk.waiting, desk.lost]).toEqual([1, 'lost'])
    desk.undo()
    expect([desk.waiting, desk.lost]).toEqual([0, null])
  })

  it('keeps the text of a decision that was refused, and why', async () => {
    const { desk, tell } = makeDesk()
    await desk.rows.load([1])
    desk.decide({ ids: [1], kind: 'corrected', text: 'REFUSED' }, { status: 'corrected', text: 'REFUSED' })
    await settled()
    expect(desk.row(1)?.status).toBe('undecided')
    expect([desk.drafts.get(1), desk.refused.get(1)]).toEqual(['REFUSED', 'The disk is full.'])
    expect(tell).toHaveBeenCalledTimes(1)
  })

  it('says as of what each field is shown: by its row, else by the list that it is in', async () => {
    const { desk, state } = makeDesk()
    await desk.rows.load([2, 3])
    desk.decide({ ids: [3], kind: 'blank' }, null)
    await settled()
    expect(state.ink).toBe(3)
    desk.decide({ ids: [1, 2, 3], kind: 'blank', ink: 9 }, null)
    await settled()
    expect(state.ink).toEqual([9, 2, 3])
    const listed = makeDesk()
    await listed.desk.rows.load([2, 3])
    listed.desk.decide({ ids: [2, 3], kind: 'blank', asOf: 7 }, null)
    await settled()
    expect(listed.state.asOf).toBeUndefined() // each row says when it was decided
    listed.desk.decide({ ids: [1, 2], kind: 'blank', asOf: 7 }, null)
    await settled()
    expect(listed.state.asOf).toBe(7)
    const unlisted = makeDesk()
    unlisted.desk.decide({ ids: [1, 2], kind: 'blank' }, null)
    await settled()
    expect(unlisted.state.ink).toEqual([null, null])
  })

  it('asks for a field anew that shows other ink than was decided on, and keeps no text of it', async () => {
    const { desk, rows } = makeDesk()
    await desk.rows.load([1])
    rows.set(1, { ...rows.get(1)!, text: 'OTHER', ink: 8 })
    desk.decide({ ids: [1], kind: 'corrected', text: 'OLD INK' }, { status: 'corrected', text: 'OLD INK' })
    await settled()
    expect([desk.drafts.get(1), desk.refused.get(1)]).toEqual([undefined, 'It shows something else.'])
    await desk.rows.load([1])
    expect(desk.row(1)).toMatchObject({ text: 'OTHER', ink: 8, status: 'undecided' })
  })

  it('drops what was being typed where the field comes with other ink, and says why', async () => {
    const { desk, rows } = makeDesk()
    await desk.rows.load([1, 2])
    desk.drafts.set(1, 'TYP')
    desk.drafts.set(2, 'ING')
    rows.set(1, { ...rows.get(1)!, ink: 8 })
    desk.rows.invalidate([1, 2])
    await desk.rows.load([1, 2])
    expect([...desk.drafts]).toEqual([[2, 'ING']])
    expect(desk.refused.get(1)).toMatch(/shows something else/)
  })

  it('sends what waited from before first, and only then what was done since', async () => {
    const { desk, state } = makeDesk([
      { kind: 'decide', input: { ids: [3], kind: 'blank' }, request: 'a', project: '/a', at: 1 },
      { kind: 'undo', request: 'b', project: '/a', at: 2 }
    ])
    desk.decide({ ids: [1], kind: 'blank' }, null)
    await settled()
    expect(state.sent).toEqual(['review.decide 3', 'review.undo', 'review.decide 1'])
  })
})
