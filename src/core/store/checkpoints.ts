/** Brings what was committed from the write-ahead log into the file without holding up whoever else waits for this process. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { builtScript, outsideArchive } from '../../reading/processes'
import type { Asked } from './checkpointer'
import type { Database } from './handle'

/** A thread with a connection of its own waits for the disk. It begins with the first checkpoint. */
export class Checkpoints {
  private thread: Worker | null = null
  private hasFailed = false

  constructor(
    private readonly db: Database,
    private readonly script = outsideArchive(builtScript('checkpointer.js'))
  ) {}

  /** Where the thread can't, this process does it, and says what is wrong. @throws SqliteError */
  async make(): Promise<void> {
    if (!this.hasFailed) await this.ask('checkpoint')
    if (this.hasFailed && this.db.open) this.db.pragma('wal_checkpoint(PASSIVE)')
  }

  /** Returns when the thread has let the file go. */
  async close(): Promise<void> {
    if (this.thread && !this.hasFailed) await this.ask('close')
  }

  /** Returns when it has answered, or is over. */
  private async ask(what: Asked): Promise<void> {
    const heard = new AbortController()
    try {
      const thread = (this.thread ??= this.begin())
      const answers = ['message', 'exit'].map((event) => once(thread, event, heard))
      thread.postMessage(what)
      await Promise.race(answers)
    } catch {
      this.hasFailed = true
    } finally {
      heard.abort()
    }
  }

  private begin(): Worker {
    const fails = (): void => void (this.hasFailed = true)
    return new Worker(this.script, { workerData: this.db.name, execArgv: [] }).on('error', fails).on('exit', fails)
  }
}
