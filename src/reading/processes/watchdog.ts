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

/** JavaScript that starts that thread, for a process that is given its program as a text. @param parent process id */
export const watchdogScript = (parent: number): string => `
  new (require('node:worker_threads').Worker)(${JSON.stringify(look)}, {
    eval: true, workerData: { parent: ${parent}, every: ${LOOK_EVERY_MS} } }).unref()
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
