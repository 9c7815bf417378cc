import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from './alive'

/** `NAME.json.PID.tmp`: small files of Nomina's own have such a name until they are whole. */
const halfWritten = /\.json\.(\d+)\.tmp$/

/** Takes away what processes that were killed were writing there; what can't go now stays. */
export function clearHalfWritten(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const writer = Number(halfWritten.exec(name)?.[1] ?? 0)
      if (writer > 0 && !isAlive(writer)) rmSync(join(folder, name), { force: true })
    }
  } catch {
    // The folder is not there, or may not be written.
  }
}
