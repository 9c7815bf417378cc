import { mkdirSync, readdirSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'

export type Log = pino.Logger

const KEPT_DAYS = 14
const LOG_FILE = /^cli-\d{4}-\d{2}-\d{2}\.log$/

/** One file a day in `<dataDir>/logs`. A folder that can't be written costs the log, never the command. */
export function openLog(dataDir: string): Log {
  const folder = join(dataDir, 'logs')
  const file = join(folder, `cli-${new Date().toISOString().slice(0, 10)}.log`)
  try {
    mkdirSync(folder, { recursive: true })
    dropOldLogs(folder)
    const destination = pino.destination({ dest: file, sync: true, append: true })
    destination.on('error', () => {}) // without a listener a full disk would end the process
    return pino({ base: { pid: process.pid } }, destination)
  } catch {
    return silentLog()
  }
}

export const silentLog = (): Log => pino({ enabled: false })

function dropOldLogs(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => LOG_FILE.test(name))
    .sort()
  for (const name of files.slice(0, -KEPT_DAYS)) unlinkSync(join(folder, name))
}
