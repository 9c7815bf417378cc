import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { setSetting, type Database } from '../../src/core/store'
import { Checkpoints } from '../../src/core/store/checkpoints'
import { project, temporaryFolder } from '../fixtures/small-project'

/** What it wrote is in the log alone. */
function written(): Database {
  const db = project([{ reading: 'ANNA' }])
  db.pragma('wal_autocheckpoint = 0')
  db.pragma('wal_checkpoint(TRUNCATE)')
  setSetting(db, 'place', 'x'.repeat(100_000))
  return db
}

const size = (db: Database): number => statSync(db.name).size

/** How much the file has grown when it is done. */
async function grown(db: Database, checkpoints: Checkpoints): Promise<number> {
  const before = size(db)
  await checkpoints.make()
  const after = size(db)
  await checkpoints.close()
  return after - before
}

describe('a checkpoint', () => {
  test('is made by a thread, not by this connection', async () => {
    const db = written()
    const own: string[] = []
    const watched = new Proxy(db, {
      get: (target, key) => (key === 'pragma' ? (sql: string) => own.push(sql) : (Reflect.get(target, key) as unknown))
    })
    expect(await grown(db, new Checkpoints(watched))).toBeGreaterThan(100_000)
    expect(own).toEqual([])
  })

  test.each([
    ['fails', 'throw new Error("no")'],
    ['ends', 'process.exit(0)'],
    [
      'fails when it is asked',
      "import { parentPort } from 'node:worker_threads'\nparentPort.on('message', () => { throw new Error('no') })"
    ]
  ])('is made by this connection where the thread %s', async (_, text) => {
    const script = join(temporaryFolder(), 'thread.mjs')
    writeFileSync(script, text)
    const db = written()
    expect(await grown(db, new Checkpoints(db, script))).toBeGreaterThan(100_000)
  })

  test('is made by this connection where there is no thread to begin', async () => {
    const db = written()
    expect(await grown(db, new Checkpoints(db, 'nowhere'))).toBeGreaterThan(100_000)
  })

  test('lets the file go, so that the last connection takes the log away', async () => {
    const db = written()
    const checkpoints = new Checkpoints(db)
    await checkpoints.make()
    await checkpoints.close()
    db.close()
    expect(() => statSync(`${db.name}-wal`)).toThrow('ENOENT')
  })
})
