/** Reads one file whole: its hash, what it is, how many pages it has, and whether every pixel of a single image can be decoded. */
import { createHash, hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { reasonOfKind, reasonOfSystemError, sniff, sniffLength } from '../../reading/images'
import { uprightSize } from '../../reading/images/header'
import { askFiles } from '../../reading/pages/process'
import { messageOf, NominaError } from '../../shared/failure'
import { refusePageCount } from '../../reading/pages/source/limits'

export interface InspectedImage {
  /** Lower-case hexadecimal. */
  sha256: string
  /** What it is by content, whatever its name says. */
  format: string
  /** Upright size of the first page, px. */
  width: number
  height: number
  pages: number
  /** Its pages are registered one by one: a PDF, a multi-page TIFF, or an image where it is asked for. */
  asPages: boolean
  /** What a person should know of the file; null mostly. */
  note: string | null
  /** What its decoded pixels are known by; null for pages, and for an image too large to be held whole. */
  pixels: string | null
}

/** What pages of a file are known by, beside their file; see reading/pages/content. `numbers` absent: of all. */
export type IdentifyPages = (path: string, options: { numbers?: number[]; decode: boolean }) => Promise<string[][]>

/** Counts the pages of a PDF, in a process of its own. */
export type CountPages = (path: string) => Promise<{ pages: number; note: string | null }>

export interface InspectOptions {
  /** Images are pages too. */
  asPages: boolean
  countPages: CountPages
}

/** Said of a PDF where nothing can count its pages. */
const noCounting: CountPages = () =>
  Promise.reject(new NominaError('unreadable', 'PDFs can’t be opened here: import them into a project.'))

const heldInMemory = 16 * 1024 * 1024

/** @throws NominaError `unreadable` with a reason for people */
export async function inspectImage(
  absolute: string,
  { asPages: wanted = false, countPages = noCounting }: Partial<InspectOptions> = {}
): Promise<InspectedImage> {
  const { sha256, head } = await readWhole(absolute)
  const kind = sniff(head)
  if (kind.kind === 'pdf' || (/\.pdf$/i.test(absolute) && kind.kind !== 'empty' && kind.kind !== 'image')) {
    const { pages, note } = await countPages(absolute)
    return { sha256, format: 'pdf', width: 0, height: 0, pages, asPages: true, note, pixels: null }
  }
  if (kind.kind !== 'image') throw new NominaError('unreadable', reasonOfKind(kind)!)
  const { header, pixels, notes } = await askFiles('image', { path: absolute, page: 1, whole: !wanted })
  const { pages } = header
  const { width, height } = uprightSize(header)
  const asPages = wanted || (kind.format === 'tiff' && pages > 1)
  if (asPages) {
    const own = kind.format === 'tiff' ? pages : 1
    refusePageCount(own, 'file')
    // Registration decodes them, and says what is wrong with each.
    return { sha256, format: kind.format, width, height, pages: own, asPages, note: null, pixels: null }
  }
  if (pages > 1) notes.push(`The file has ${pages} pages; only page 1 was imported.`)
  return { sha256, format: kind.format, width, height, pages, asPages, note: notes.join(' ') || null, pixels }
}

/** @throws NominaError `unreadable` */
export async function sha256Of(absolute: string): Promise<string> {
  return (await readWhole(absolute)).sha256
}

async function readWhole(absolute: string): Promise<{ sha256: string; head: Buffer }> {
  try {
    if ((await stat(absolute)).size <= heldInMemory) {
      const bytes = await readFile(absolute)
      return { sha256: hash('sha256', bytes), head: bytes.subarray(0, sniffLength) }
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
