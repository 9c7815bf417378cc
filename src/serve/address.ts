/**
 * Where something was served and by which secret, kept beside it where only this user can read it: a page that was left
 * open finds the server again, with what waits in it.
 */
import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { clearHalfWritten } from '../reading/processes'

const address = v.object({
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
  token: v.pipe(v.string(), v.regex(/^[\w-]{43}$/))
})
export type Address = v.InferOutput<typeof address>

/** Not among what is taken in as scans, nor shown by systems. */
const fileIn = (folder: string, what: 'served' | 'door'): string => join(folder, `.nomina-${what}.json`)

/** null where there is none, or one that others could have read: then its secret is none. */
export function readAddress(folder: string, what: 'served' | 'door' = 'served'): Address | null {
  try {
    const file = fileIn(folder, what)
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) return null
    return v.parse(address, JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/** Where the folder cannot be written, nothing is kept: the server works all the same. */
export function keepAddress(folder: string, kept: Address, what: 'served' | 'door' = 'served'): void {
  const file = fileIn(folder, what)
  const temporary = `${file}.${process.pid}.tmp`
  clearHalfWritten(folder)
  try {
    writeFileSync(temporary, JSON.stringify(kept), { mode: 0o600 })
    chmodSync(temporary, 0o600)
    renameSync(temporary, file)
  } catch {
    // A project on a read-only disk is served anew each time.
  }
}
