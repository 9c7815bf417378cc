/** Files that people name, read whole: only ordinary ones, as a pipe or a device has no end, and only up to a size. */
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { NominaError, say } from '../../shared/failure'

/** @throws NominaError `not-found`, `refused` (no ordinary file), `too-large`; the file system's other errors */
export async function readOrdinaryFile(path: string, most: number): Promise<Buffer> {
  // Without waiting for whoever might write into a pipe.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    throw isMissing(error) ? new NominaError('not-found', say('noFile', { path }), { cause: error }) : error
  })
  try {
    const stats = await file.stat()
    if (stats.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' })
    if (!stats.isFile()) throw new NominaError('refused', `${path} is no ordinary file.`)
    if (stats.size > most)
      throw new NominaError(
        'too-large',
        `${path} has ${count(stats.size)} bytes; the limit for such a file is ${count(most)}.`
      )
    return await file.readFile()
  } finally {
    await file.close()
  }
}

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code!)

const count = (value: number): string => value.toLocaleString('en-GB')
