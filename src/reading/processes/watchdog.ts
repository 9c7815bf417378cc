/** Ends a child with its parent, also while it computes and hears nothing: by a thread of its own. */
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
const look = () => { if (isGone()) process.kill(process.pid, 'SIGKILL') }
look()
setInterval(look, every)
`

/** JavaScript that starts that thread, for a process that is given its program as a text. @param parent process id */
export const watchdogScript = (parent: number): string => `
  new (process.getBuiltinModule('node:worker_threads').Worker)(${JSON.stringify(look)}, {
    eval: true, execArgv: [], workerData: { parent: ${parent}, every: ${LOOK_EVERY_MS} },
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 } }).unref()
`

/**
 * Options by which Node starts that thread before it loads the child's program: a busy machine may take long over that. So it
 * does not give way either, as the program does.
 * @param parent process id
 */
export const watchdogOptions = (parent: number): string[] => [
  '--import',
  `data:text/javascript,${encodeURIComponent(watchdogScript(parent))}`
]
