import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../shared/failure'
import { closeStore, getSetting, immediate, openStore, setSetting } from '../../core/store'
import type { Check } from './check'

const LITTLE_SPACE_BYTES = 1e9

export function checkDataFolder(dataDir: string): Check {
  try {
    const { bavail, bsize } = statfsSync(dataDir)
    const free = bavail * bsize
    const found = `${dataDir}, ${(free / 1e9).toFixed(1)} GB free`
    if (free >= LITTLE_SPACE_BYTES) return { name: 'data folder', status: 'ok', found }
    return { name: 'data folder', status: 'note', found, advice: 'Free some space: decisions need it to be stored.' }
  } catch (error) {
    return {
      name: 'data folder',
      status: 'failed',
      found: messageOf(error),
      advice: 'Set NOMINA_HOME to another folder.'
    }
  }
}

/** Makes a project, writes to it, opens it again and reads what was written. */
export function checkStore(dataDir: string): Check {
  let folder: string | null = null
  try {
    folder = mkdtempSync(join(dataDir, 'doctor-'))
    const written = openStore(folder, { create: true })
    const version = written.prepare('SELECT sqlite_version()').pluck().get() as string
    immediate(written, () => setSetting(written, 'doctor', 'well'))
    closeStore(written)
    const read = openStore(folder, { create: false })
    const kept = getSetting(read, 'doctor') === 'well'
    closeStore(read)
    if (!kept) throw new Error('What was written was not there when it was read again.')
    return { name: 'store', status: 'ok', found: `SQLite ${version}, written and read again` }
  } catch (error) {
    return {
      name: 'store',
      status: 'failed',
      found: messageOf(error),
      advice: `Check the permissions and the disk of ${dataDir}.`
    }
  } finally {
    if (folder) rmSync(folder, { recursive: true, force: true })
  }
}
