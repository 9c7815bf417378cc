import { describe, expect, test } from 'vitest'
import { decideInTurn, undo, undoInTurn } from '../../src/core/review'
import { closeStore, readCounts } from '../../src/core/store'
import { project, reopen, temporaryFolder } from '../fixtures/small-project'

const reviewer = 'Ada'

describe('an act on thousands of fields', () => {
  const fields = Array.from({ length: 1200 }, () => ({ reading: 'ANNA' }))
  const ids = fields.map((_, index) => index + 1)

  test('is one act in slices, between which others are answered, and undone as one', async () => {
    const db = project(fields)
    const seen: number[] = []
    const looking = setInterval(() => seen.push(readCounts(db).undecided), 0)
    const change = await decideInTurn(db, { ids, kind: 'accepted', text: 'ANNA', reviewer, request: 'one' })
    clearInterval(looking)
    expect(change).toMatchObject({ action: 1, changed: 1200, counts: { accepted: 1200, undecided: 0 } })
    expect(change.rows).toHaveLength(200)
    expect(seen.some((undecided) => undecided > 0 && undecided < 1200)).toBe(true)
    expect(db.prepare('SELECT count(*), min(size), count(DISTINCT at) FROM actions').raw().get()).toEqual([1, 1200, 1])
    expect(await undoInTurn(db, reviewer)).toMatchObject({ changed: 1200, counts: { undecided: 1200 } })
  })
  test('comes before an act that was begun after it, and is done once', async () => {
    const db = project(fields)
    const request = { ids, kind: 'accepted' as const, reviewer, request: 'one' }
    const [first, again, undone] = await Promise.all([
      decideInTurn(db, request),
      decideInTurn(db, request),
      undoInTurn(db, reviewer)
    ])
    expect([first.changed, again.changed, undone.changed]).toEqual([1200, 1200, 1200])
    expect(again.action).toBe(first.action)
    expect(readCounts(db).undecided).toBe(1200)
  })
  test('that is refused leaves the next one alone', async () => {
    const db = project(fields.slice(0, 2))
    const [refused, done] = await Promise.allSettled([
      decideInTurn(db, { ids: [77], kind: 'blank', reviewer }),
      decideInTurn(db, { ids: [1], kind: 'blank', reviewer })
    ])
    expect(refused.status).toBe('rejected')
    expect(done.status).toBe('fulfilled')
  })
  test('cut off in between is an act on fewer fields, which undo takes back', async () => {
    const folder = temporaryFolder()
    const db = project(fields, { folder })
    const cut = decideInTurn(db, { ids, kind: 'accepted', reviewer })
    await new Promise((resolve) => setTimeout(resolve, 0))
    closeStore(db)
    await expect(cut).rejects.toThrow(/closed meanwhile/)
    const again = reopen(folder)
    const { accepted, undecided } = readCounts(again)
    expect(accepted).toBeGreaterThan(0)
    expect(accepted + undecided).toBe(1200)
    expect(undo(again, reviewer).changed).toBe(accepted)
    expect(readCounts(again).undecided).toBe(1200)
  })
})
