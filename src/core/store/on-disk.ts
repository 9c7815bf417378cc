/** Waiting for the disk without holding up whoever else waits for this process. */
import { open } from 'node:fs/promises'
import type { Database } from './handle'
import { immediate } from './transaction'

interface Writing {
  now: Promise<void>
  /** What was committed since it began has to wait for another time: one for all that ask meanwhile. */
  next: Promise<void> | null
}

const underWay = new WeakMap<Database, Writing>()

/** What `inPassing` has committed is on the disk when this returns. @throws as `immediate` */
export function onDisk(db: Database): Promise<void> {
  const writing = underWay.get(db)
  return writing ? (writing.next ??= writing.now.then(() => begin(db))) : begin(db)
}

function begin(db: Database): Promise<void> {
  const failed = bring(db).then(
    () => null,
    (error: unknown) => ({ error })
  )
  // It never fails: those who wait for the next time have a disk of their own to ask.
  const now = failed.then(() => {
    if (!underWay.get(db)?.next) underWay.delete(db)
  })
  underWay.set(db, { now, next: null })
  return failed.then((failure) => {
    if (failure) throw failure.error
  })
}

/** All commits lie in the write-ahead log, which is there as long as the database is open. */
async function bring(db: Database): Promise<void> {
  try {
    const log = await open(`${db.name}-wal`, 'r+')
    try {
      await log.datasync()
    } finally {
      await log.close()
    }
  } catch {
    // Then by a commit that waits for it, and says what is wrong.
    if (db.open)
      immediate(db, () => db.pragma(`user_version = ${db.pragma('user_version', { simple: true }) as number}`))
  }
}
