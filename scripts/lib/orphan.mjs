const LOOK_EVERY_MS = 300

/**
 * npm passes a signal to the shell between it and a script, and that shell dies of it without a word to the script. A
 * script that has lost its parent stops as if it had got the signal itself.
 */
export function stopWithNpm() {
  if (!process.env.npm_lifecycle_event) return // started by hand, perhaps to outlive whoever did
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, LOOK_EVERY_MS)
  watch.unref()
}
