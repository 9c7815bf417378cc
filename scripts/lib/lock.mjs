import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A folder can be made once only, on every file system. It names its owner, so that a dead one's can be taken over. */
export async function withLock(folder, work) {
  mkdirSync(dirname(folder), { recursive: true })
  while (!take(folder)) {
    if (isAbandoned(folder)) clear(folder)
    else await sleep(200)
  }
  const release = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', release) // also where a signal's handler exits in the middle
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

function take(folder) {
  try {
    mkdirSync(folder)
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
  writeFileSync(join(folder, 'pid'), String(process.pid))
  return true
}

/** One process only clears a dead one's lock, looking again first: the others would take away the next owner's. */
function clear(folder) {
  const guard = `${folder}.clearing`
  try {
    mkdirSync(guard)
  } catch {
    if (isOld(guard)) rmSync(guard, { recursive: true, force: true })
    return
  }
  if (isAbandoned(folder)) rmSync(folder, { recursive: true, force: true })
  rmSync(guard, { recursive: true, force: true })
}

function isAbandoned(folder) {
  try {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0)
    return false
  } catch (error) {
    if (error.code === 'EPERM') return false // it lives, and is another user's
    if (error.code === 'ESRCH') return true
    return isOld(folder) // its owner has not written its name yet, or never will
  }
}

function isOld(folder) {
  try {
    return Date.now() - statSync(folder).mtimeMs > 5000
  } catch {
    return false // released meanwhile
  }
}
