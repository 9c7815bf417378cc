/** Reads one file whole: its hash, what it is, and whether every pixel of its first page can be decoded. */
import { createHash, hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { checkDecodes, readHeader, reasonOfKind, reasonOfSystemError, sniff, sniffLength } from '../crop'
import { messageOf, NominaError } from '../failure'

export interface InspectedImage {
  /** Lower-case hexadecimal. */
  sha256: string
  /** What it is by content, whatever its name says. */
  format: string
  /** Upright size of the first page, px. */
  width: number
  height: number
  pages: number
}

const heldInMemory = 16 * 1024 * 1024

/** @throws NominaError `unreadable` with a reason for people */
export async function inspectImage(absolute: string): Promise<InspectedImage> {
  const { sha256, head, bytes } = await readWhole(absolute)
  const kind = sniff(head)
  if (kind.kind !== 'image') throw new NominaError('unreadable', reasonOfKind(kind)!)
  const header = await readHeader(absolute, 1, bytes)
  await checkDecodes(absolute, 1, header, bytes)
  const { width, height } = header.autoOrient
  return { sha256, format: kind.format, width, height, pages: header.pages ?? 1 }
}

/** @throws NominaError `unreadable` */
export async function sha256Of(absolute: string): Promise<string> {
  return (await readWhole(absolute)).sha256
}

/** `bytes` only where the file is small enough to be held. */
async function readWhole(absolute: string): Promise<{ sha256: string; head: Buffer; bytes?: Buffer }> {
  try {
    if ((await stat(absolute)).size <= heldInMemory) {
      const bytes = await readFile(absolute)
      return { sha256: hash('sha256', bytes), head: bytes.subarray(0, sniffLength), bytes }
    }
    const digest = createHash('sha256')
    let head: Buffer | undefined
    for await (const chunk of createReadStream(absolute, { highWaterMark: 1024 * 1024 })) {
      head ??= Buffer.from((chunk as Buffer).subarray(0, sniffLength))
      digest.update(chunk as Buffer)
    }
    return { sha256: digest.digest('hex'), head: head ?? Buffer.alloc(0) }
  } catch (error) {
    throw new NominaError('unreadable', reasonOfSystemError(error) ?? messageOf(error), { cause: error })
  }
}
