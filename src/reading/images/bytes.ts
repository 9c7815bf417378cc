/** A file's content, in as few steps as its size and its disk allow. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { open, readFile, stat } from 'node:fs/promises'
import { NominaError } from '../../shared/failure'

/** Up to this size a file is read in one go: asking another thread for it costs more than reading it. */
const smallBytes = 256 * 1024
/** Larger ones are held whole only where they are decoded from memory: JPEG and PNG. */
const wholeBytes = 2 * 1024 * 1024

/** ms a file: a disk that takes longer is far away, and waiting for it is left to other threads. */
const farMs = 2
/** Of a far disk's slowness, how much is forgotten with each file: after some hundred it is tried again. */
const forgotten = 0.99
let usualMs = 0

/** Opening a pipe would wait for its other end; on Windows there is no such flag. */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/**
 * @returns undefined: too large to be held, or it can't be opened; whoever opens it next says why
 * @throws NominaError `unreadable` for what is no file: a pipe, a device
 */
export async function contentOf(path: string): Promise<Buffer | undefined> {
  if (usualMs > farMs && (await isSmall(path))) {
    usualMs *= forgotten
    return readFile(path).catch(() => undefined)
  }
  const started = performance.now()
  const bytes = contentOfSmall(path)
  usualMs += (performance.now() - started - usualMs) / 8
  return bytes === 'large' ? readFile(path).catch(() => undefined) : bytes
}

const isSmall = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile() && found.size > 0 && found.size <= smallBytes,
    () => false
  )

function contentOfSmall(path: string): Buffer | undefined | 'large' {
  let file: number
  try {
    file = openSync(path, flags)
  } catch {
    return undefined
  }
  try {
    const stat = fstatSync(file)
    if (stat.isDirectory()) return undefined
    if (!stat.isFile()) throw new NominaError('unreadable', 'This is not a file but a pipe or a device.')
    if (stat.size === 0) return undefined
    const bytes = Buffer.allocUnsafeSlow(Math.min(stat.size, smallBytes))
    const read = readSync(file, bytes, 0, bytes.length, 0)
    if (stat.size <= smallBytes) return bytes.subarray(0, read)
    return bytes[0] === 0xff || bytes[0] === 0x89 || stat.size <= wholeBytes ? 'large' : undefined
  } catch (error) {
    if (error instanceof NominaError) throw error
    return undefined
  } finally {
    closeSync(file)
  }
}

/** The first bytes of a file, at most `length`. */
export async function headOf(path: string, length: number): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
