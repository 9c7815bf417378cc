import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const LOOK_EVERY_MS = 300

/**
 * npm passes a signal to the shell between it and a script, and that shell dies of it without a word to the script; where npm
 * itself is killed, that shell lives on and waits. A script that has lost either stops as if it had got the signal itself.
 */
export function stopWithNpm() {
  if (!process.env.npm_lifecycle_event) return // started by hand, perhaps to outlive whoever did
  const parent = process.ppid
  const npm = shellsParent(parent)
  const watch = setInterval(() => {
    if (process.ppid === parent && (npm === null || isThere(npm))) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, LOOK_EVERY_MS)
  watch.unref()
}

/** Who started a process, where it is a shell; null where it is none, or that cannot be known. */
function shellsParent(pid) {
  try {
    const said =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^\d+ \((.*)\) \S (\d+) .*$/s, '$2 $1')
        : execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' })
    const [, parent, command] = /^\s*(\d+)\s+(.*?)\s*$/.exec(said) ?? []
    return command && /sh$/.test(command) ? Number(parent) : null
  } catch {
    return null
  }
}

function isThere(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
