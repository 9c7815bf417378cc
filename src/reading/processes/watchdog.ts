/** Ends a child with its parent, also while it computes and hears nothing: by a thread of its own. */
import { Worker } from 'node:worker_threads'

const LOOK_EVERY_MS = 500

/**
 * A thread looks whether the parent is still there. Where a parent dies, its children get another one; on Windows they keep
 * the number of one that is gone.
 */
const look = `
const { workerData: { parent, every } } = require('node:worker_threads')
const isGone = () => {
  if (process.platform !== 'win32') return process.ppid !== parent
  try { process.kill(parent, 0) } catch (error) { return error.code === 'ESRCH' }
  return false
}
setInterval(() => { if (isGone()) process.kill(process.pid, 'SIGKILL') }, every)
`

/** @param parent process id of whoever started this process */
export function endWith(parent: number): void {
  const thread = new Worker(look, {
    eval: true,
    workerData: { parent, every: LOOK_EVERY_MS },
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 }
  })
  thread.unref()
}
