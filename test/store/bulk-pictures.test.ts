import { expect, test, vi } from 'vitest'
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
