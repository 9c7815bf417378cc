import { expect, test, vi } from 'vitest'
import { decide, decideInTurn } from '../../src/core/review'
import { closeStore, readCounts, type Database } from '../../src/core/store'
import { onDisk } from '../../src/core/store/on-disk'
import { project } from '../fixtures/small-project'

/** Each time that the log was brought to the disk, and what keeps it from being so. */
const disk = vi.hoisted(() => ({ times: 0, hold: Promise.resolve(), failing: false }))
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  const open: typeof real.open = async (path, ...rest) => {
    if (!String(path).endsWith('-wal')) return real.open(path, ...rest)
    disk.times++
    await disk.hold
    if (disk.failing) throw new Error('no log')
    return real.open(path, ...rest)
  }
  return { ...real, open }
})

const fields = Array.from({ length: 700 }, () => ({ reading: 'ANNA' }))

/** Whether each transaction waits for the disk itself. */
function transactionsOf(db: Database): boolean[] {
  const waits: boolean[] = []
  const transaction = db.transaction.bind(db)
  db.transaction = ((work: () => unknown) => {
    waits.push(db.pragma('synchronous', { simple: true }) === 2)
    return transaction(work)
  }) as typeof db.transaction
  return waits
}

test('acts of a window wait for the disk beside the event loop, a bulk once, and a transaction of any other kind by itself', async () => {
  const db = project(fields)
  const waits = transactionsOf(db)
  disk.times = 0
  await decideInTurn(db, { ids: fields.slice(1).map((_, index) => index + 1), kind: 'accepted', reviewer: 'Ada' })
  expect(waits.length).toBeGreaterThan(3)
  expect(new Set(waits)).toEqual(new Set([false]))
  expect(disk.times).toBe(1)
  expect(db.pragma('synchronous', { simple: true })).toBe(2)
  waits.length = 0
  decide(db, { ids: [700], kind: 'accepted', reviewer: 'Ada' })
  expect(waits).toEqual([true])
})

test('a decision is not told before it is on the disk, and those made meanwhile wait for the next time together', async () => {
  const db = project(fields)
  disk.times = 0
  let release!: () => void
  disk.hold = new Promise((resolve) => (release = resolve))
  const told: number[] = []
  const all = [1, 2, 3, 4].map((id) =>
    decideInTurn(db, { ids: [id], kind: 'accepted', reviewer: 'Ada' }).then(() => told.push(id))
  )
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(readCounts(db).accepted).toBe(4)
  expect([told, disk.times]).toEqual([[], 1])
  release()
  await Promise.all(all)
  expect([told.sort(), disk.times]).toEqual([[1, 2, 3, 4], 2])
})

test('where the log can’t be had by itself, a transaction brings it there; of a project that is closed nothing is left to bring', async () => {
  const db = project(fields)
  disk.failing = true
  const waits = transactionsOf(db)
  await decideInTurn(db, { ids: [1], kind: 'accepted', reviewer: 'Ada' })
  expect(waits).toEqual([false, true])
  closeStore(db)
  await onDisk(db)
  disk.failing = false
})
