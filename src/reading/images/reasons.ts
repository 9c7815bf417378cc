/** Why a file can't be used, in sentences for the person who has to do something about it. */
import { open } from 'node:fs/promises'
import { messageOf } from '../../shared/failure'
import { unsupportedStorage } from './compression'
import { isCutOff } from './cut-off'
import { sniff, sniffLength, type FileKind } from './format'
import type { RandomAccess } from './tiff'

/** Most px of one side: what a JPEG can have. A thread of an image costs as much as a large one, row by row. */
export const sideLimit = 65_535
/** Most pixels of one image: libvips' usual bound, about A3 at 1,200 dpi. */
export const pixelLimit = 0x3fff * 0x3fff

const count = (value: number): string => value.toLocaleString('en-GB')

/** A reason for a file that is no image of ours; null for one that is. */
export function reasonOfKind(kind: FileKind): string | null {
  switch (kind.kind) {
    case 'image':
      return null
    case 'pdf':
      return 'This is a PDF: import it into a project, where its pages become fields.'
    case 'empty':
      return 'The file is empty (0 bytes). Copy or scan it again.'
    case 'unsupported':
      return `${kind.name} files are not supported. Save it as PNG or TIFF and import it again.`
    case 'text':
      return 'This is not an image: it starts with text.'
    case 'unknown':
      return 'This is not an image in a format that can be read (JPEG, PNG, TIFF or WebP).'
  }
}

export const tooLarge = (width: number, height: number): string =>
  `The image is ${count(width)} × ${count(height)} px (${count(Math.round((width * height) / 1e6))} megapixels); the limit is ` +
  `${count(Math.floor(pixelLimit / 1e6))} megapixels. Cut it into fields or scale it down.`

export const tooLong = (width: number, height: number): string =>
  `The image is ${count(width)} × ${count(height)} px; a side may have ${count(sideLimit)} at most. Cut it into parts.`

export const unknownDepth = (depth: string): string =>
  `The image has ${depth} numbers as pixels, not 8 or 16 bits a channel. Save it as an 8-bit PNG or TIFF.`

/** Reasons that the file system gives; null for any other error. */
export function reasonOfSystemError(error: unknown): string | null {
  switch ((error as NodeJS.ErrnoException | null)?.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'The file is not there any more. If it was moved, relink its folder.'
    case 'EACCES':
    case 'EPERM':
      return 'No permission to read the file. Change its permissions, or copy it to where you may read it.'
    case 'EISDIR':
      return 'This is a folder, not a file.'
    case 'EIO':
      return 'The disk reported an error while reading the file. Copy it from a backup or scan it again.'
    case 'EMFILE':
    case 'ENFILE':
      return 'Too many files are open on this machine. Try again.'
    default:
      return null
  }
}

/**
 * The reason why `path`, which starts like an image, could not be decoded; `error` is what the decoder threw.
 * @param content of the file, where the caller has it
 */
export async function reasonOfDecodeError(path: string, error: unknown, content?: Buffer): Promise<string> {
  let file
  try {
    file = content ? opened(content) : await open(path, 'r')
    const { size } = await file.stat()
    const head = Buffer.alloc(Math.min(sniffLength, size))
    await file.read(head, 0, head.length, 0)
    const kind = sniff(head)
    if (kind.kind !== 'image') return reasonOfKind(kind)!
    if (await isCutOff(file, kind.format, head, size)) {
      return `The file ends in the middle of the image (${count(size)} bytes). Copy or scan it again.`
    }
    const storage = await unsupportedStorage(file, kind.format, head, size)
    if (storage) return `The image is stored ${storage}, which is not supported. Save it as PNG, or as TIFF with LZW.`
    return `The image is damaged${detail(error)}. Copy or scan it again, or save it as PNG or TIFF.`
  } catch (failure) {
    return reasonOfSystemError(failure) ?? `The file can't be read: ${firstLine(messageOf(failure))}.`
  } finally {
    await file?.close()
  }
}

/** What is in memory, as a file that is open. */
const opened = (content: Buffer): RandomAccess & { stat(): Promise<{ size: number }>; close(): Promise<void> } => ({
  read: (buffer, offset, length, position) => {
    const bytesRead = content.copy(buffer, offset, position, position + length)
    return Promise.resolve({ buffer, bytesRead })
  },
  stat: () => Promise.resolve({ size: content.length }),
  close: () => Promise.resolve()
})

const firstLine = (text: string): string =>
  text
    .split('\n')[0]!
    .replace(/^Input (file|buffer) (has corrupt header:\s*)?/i, '')
    .replace(/\.$/, '')

/** What the decoder says, where it says anything. */
function detail(error: unknown): string {
  const line = firstLine(messageOf(error))
  return /^unknown error$/i.test(line) || line === '' ? '' : ` (${line})`
}
