import { messageOf, NominaError } from '../../shared/failure'

const words: Record<string, [code: string, reason: string]> = {
  ENOSPC: ['disk-full', 'the disk is full'],
  EDQUOT: ['disk-full', 'your share of the disk is used up'],
  EFBIG: ['disk-full', 'a limit on the size of files is reached'],
  EACCES: ['refused', 'you have no permission to write there'],
  EPERM: ['refused', 'you have no permission to write there'],
  EROFS: ['refused', 'the disk is read-only'],
  ENOTDIR: ['refused', 'a part of the path is a file, not a folder'],
  EEXIST: ['refused', 'a part of the path is a file, not a folder'],
  EISDIR: ['refused', 'there is a folder of that name'],
  ENAMETOOLONG: ['refused', 'the name is too long']
}

/** A failed write in words for a person; what is no failure of the file system comes back as it was. */
export function writeFailure(error: unknown, path: string): unknown {
  if (error instanceof NominaError || !(error instanceof Error) || !('syscall' in error)) return error
  const [code, reason] = words[String((error as NodeJS.ErrnoException).code)] ?? ['refused', messageOf(error)]
  const message = `The export to ${path} could not be written: ${reason}. Nothing was left there half done.`
  return new NominaError(code, message, { cause: error })
}
