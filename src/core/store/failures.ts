import { NominaError } from '../../shared/failure'

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

// A full disk is SQLITE_FULL; a quota or a limit on the size of files (EDQUOT, EFBIG) is a failed write or a failed growth.
const noSpace = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_IOERR_TRUNCATE', 'SQLITE_IOERR_SHMSIZE']

/**
 * What SQLite says, in words for a person; anything else comes back as it was.
 * @param file the database's path
 */
export function storeFailure(error: unknown, file: string): unknown {
  const code = codeOf(error)
  const options = { cause: error }
  if (noSpace.includes(code)) {
    return new NominaError(
      'disk-full',
      `${file} could not be written: the disk is full, or a limit on the size of files is reached. ` +
        'This change was not saved; everything before it is safe. Free some space and try again.',
      options
    )
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    const message = `Another process is writing to ${file}. Nothing was changed; try again in a moment.`
    return new NominaError('busy', message, options)
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM') {
    const message = `${file} cannot be written: check the permissions of the file and of its folder.`
    return new NominaError('refused', message, options)
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    const message = `${file} is damaged (${(error as Error).message}). Nomina leaves it as it is: put a backup of it in its place.`
    return new NominaError('refused', message, options)
  }
  if (code.startsWith('SQLITE_IOERR')) {
    const message = `${file} could not be read or written (${code}). Check the disk or the network folder it is on.`
    return new NominaError('refused', message, options)
  }
  return error
}
