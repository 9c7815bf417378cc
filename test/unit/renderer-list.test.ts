/** The model of the list, with a core that is played. */
import { expect, it, vi } from 'vitest'
import type { Filter } from '../../src/shared/domain'

const { call, decide, shown } = vi.hoisted(() => ({
  call: vi.fn(),
  decide: vi.fn(),
  shown: { filter: {} as Filter, order: 'file', descending: false }
}))
vi.mock('../../src/renderer/src/lib/api', () => ({ call, messageOf: String }))
vi.mock('../../src/renderer/src/lib/desk', () => ({ desk: () => ({ decide, rows: { want: () => undefined } }) }))
vi.mock('../../src/renderer/src/views/list/look.svelte', () => ({ look: () => shown }))
vi.mock('../../src/renderer/src/lib/session.svelte', () => ({ session: {} }))
const { ListModel } = await import('../../src/renderer/src/views/list/model.svelte')

const part = (passing = 9000) => ({ ids: [1, 2, 3], from: 0, total: 9000, passing, ink: 4, asOf: 7 })

it('acts on all of the list that is shown, while another one is on its way', async () => {
  const model = new ListModel()
  shown.filter = { status: 'undecided' }
  call.mockResolvedValueOnce(part())
  await model.load()
  model.all()
  shown.filter = { status: 'decided' }
  call.mockReturnValue(new Promise(() => undefined))
  void model.load()
  model.decide('blank')
  expect(decide.mock.calls[0]?.[0]).toMatchObject({
    all: { filter: { status: 'undecided' }, total: 9000 },
    ink: 4,
    asOf: 7
  })
  call.mockResolvedValueOnce(part())
  expect(await model.targets()).toEqual([1, 2, 3])
  expect(call.mock.lastCall?.[1]).toMatchObject({ filter: { status: 'undecided' } })
  call.mockResolvedValueOnce(part(9001))
  await expect(model.targets()).rejects.toThrow(/have changed since you looked/)
})
