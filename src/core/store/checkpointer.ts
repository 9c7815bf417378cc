/** The thread that `Checkpoints` asks. Entry of out/main/checkpointer.js. */
import Database from 'better-sqlite3'
import { parentPort, workerData } from 'node:worker_threads'

const db = new Database(workerData as string, { fileMustExist: true })

parentPort!.on('message', (asked: Asked) => {
  if (asked === 'checkpoint') {
    db.pragma('wal_checkpoint(PASSIVE)')
    parentPort!.postMessage('done')
  } else {
    db.close()
    parentPort!.close()
  }
})

/** What the thread is asked for. */
export type Asked = 'checkpoint' | 'close'
