import { expect, test, vi } from 'vitest'
import { decide, decideInTurn } from '../../src/core/review'
import { slices } from '../../src/core/store/slices'
import { project } from '../fixtures/small-project'

/** With each look there is one less. */
const pictures = vi.hoisted(() => ({ open: 0 }))
vi.mock('../../src/reading/pages/process', async (original) => ({
  ...(await original()),
  openPictures: () => (pictures.open > 0 ? pictures.open-- : 0)
}))

test('pictures that a person waits for go before the next slice of a bulk, though not for ever', async () => {
  const db = project([{ reading: 'ANNA' }])
  const left: number[] = []
  pictures.open = 2
  for await (const _ of slices(db)) {
    left.push(pictures.open)
    if (left.length === 2) break
    pictures.open = 9
  }
  expect(left).toEqual([0, 5])
})

test('only the last slice of a bulk waits for the disk, and a single decision always', async () => {
  const fields = Array.from({ length: 700 }, () => ({ reading: 'ANNA' }))
  const db = project(fields)
  const waits: boolean[] = []
  const transaction = db.transaction.bind(db)
  db.transaction = ((work: () => unknown) => {
    waits.push(db.pragma('synchronous', { simple: true }) === 2)
    return transaction(work)
  }) as typeof db.transaction
  const ids = fields.slice(0, -1).map((_, index) => index + 1)
  const between: boolean[] = []
  const looking = setInterval(() => between.push(db.pragma('synchronous', { simple: true }) === 2), 0)
  await decideInTurn(db, { ids, kind: 'accepted', reviewer: 'Ada' })
  clearInterval(looking)
  expect(waits.length).toBeGreaterThan(3)
  expect(waits).toEqual([true, ...waits.slice(1, -1).fill(false), true])
  expect(between).not.toContain(false)
  waits.length = 0
  decide(db, { ids: [700], kind: 'accepted', reviewer: 'Ada' })
  expect(waits).toEqual([true])
})
