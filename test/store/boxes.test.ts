/** A decision and the box that it was made on. */
import { expect, test } from 'vitest'
import { layByHand } from '../../src/core/forms/pipeline'
import { redo, undo } from '../../src/core/review'
import { say } from '../fixtures/decided'
import { fakePages, matched, pageFields, projectOfPages, register } from '../fixtures/pages'

const reviewer = 'Ada'

test('what was undone is not done again on a box that was moved off its ink meanwhile', async () => {
  const { db } = await projectOfPages(1)
  await register(db, fakePages())
  const [field] = pageFields(db)
  say(db, field!.id, 'HERE')
  undo(db, reviewer)
  const moved = (share: number) =>
    fakePages((job) => ({
      ...matched(job, 5),
      covered: (job.decided ?? []).map(({ decision }) => ({ decision, share }))
    }))
  const lay = (share: number) =>
    layByHand(db, moved(share), 1, { templateId: 1, corners: [1, 1, 399, 1, 399, 599, 1, 599], who: reviewer })
  await lay(0.2)
  expect(redo(db, reviewer)).toMatchObject({ changed: 0, left: 1 })
  expect(pageFields(db)[0]).toMatchObject({ status: 'undecided', text: null })
})

test('what was undone is done again where the box still covers its ink', async () => {
  const { db } = await projectOfPages(1)
  await register(db, fakePages())
  const [field] = pageFields(db)
  say(db, field!.id, 'HERE')
  undo(db, reviewer)
  await layByHand(
    db,
    fakePages((job) => ({
      ...matched(job, 5),
      covered: (job.decided ?? []).map(({ decision }) => ({ decision, share: 0.9 }))
    })),
    1,
    { templateId: 1, corners: [1, 1, 399, 1, 399, 599, 1, 599], who: reviewer }
  )
  redo(db, reviewer)
  expect(pageFields(db)[0]).toMatchObject({ status: 'corrected', text: 'HERE' })
})
