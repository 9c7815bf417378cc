import { spawn } from 'node:child_process'

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Starts a child that gets this process's signals: this process ends when the child has, never before. */
export function start(command, parameters, options) {
  const child = spawn(command, parameters, options)
  const forward = (signal) => child.kill(signal)
  for (const signal of forwarded) process.on(signal, forward)
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  }).finally(() => {
    for (const signal of forwarded) process.off(signal, forward)
  })
  return { child, ended }
}

/** Ends this process as the child ended. */
export function endLike({ code, signal }) {
  if (signal) process.kill(process.pid, signal)
  process.exitCode = code ?? 1
}
