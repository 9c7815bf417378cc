/** What a file in a folder of scans is to us: an image (or a PDF of them), a labels file, something to name, or nothing. */
import { extname } from 'node:path'
import { headOf, reasonOfKind, reasonOfSystemError, sniff } from '../../reading/images'
import { messageOf } from '../../shared/failure'

export type FileClass = { is: 'image'; format: string } | { is: 'labels' } | { is: 'unsupported'; reason: string }

const formats = new Map([
  ['.jpg', 'jpeg'],
  ['.jpeg', 'jpeg'],
  ['.jpe', 'jpeg'],
  ['.jfif', 'jpeg'],
  ['.png', 'png'],
  ['.tif', 'tiff'],
  ['.tiff', 'tiff'],
  ['.webp', 'webp'],
  ['.pdf', 'pdf']
])
const tables = new Set(['.csv', '.tsv', '.txt'])

/** Files that systems and Nomina itself leave in folders: no news to anyone. */
export const isOwnOrSystemFile = (name: string): boolean =>
  name.startsWith('.') || /^(thumbs\.db|ehthumbs\.db|desktop\.ini|nomina\.db.*)$/i.test(name)

/** The format that the extension promises; what it is really is seen when the file is read. */
export const formatByExtension = (name: string): string | undefined => formats.get(extname(name).toLowerCase())

export const isTableName = (name: string): boolean => tables.has(extname(name).toLowerCase())

/** Looks into the file only where its extension is not that of an image. */
export async function classify(absolute: string): Promise<FileClass> {
  const format = formatByExtension(absolute)
  if (format) return { is: 'image', format }
  try {
    const head = await headOf(absolute, 4096)
    const kind = sniff(head)
    if (kind.kind === 'image') return { is: 'image', format: kind.format }
    if (kind.kind === 'pdf') return { is: 'image', format: 'pdf' }
    if (isTableName(absolute) && looksLikeTable(head)) return { is: 'labels' }
    return { is: 'unsupported', reason: reasonOfKind(kind)! }
  } catch (error) {
    return { is: 'unsupported', reason: reasonOfSystemError(error) ?? messageOf(error) }
  }
}

/** Two lines or more with a delimiter in them; zero bytes are those of UTF-16. */
function looksLikeTable(head: Buffer): boolean {
  const lines = head
    .toString('latin1')
    .replaceAll('\0', '')
    .split(/\r\n|\r|\n/)
  return lines.slice(0, 20).filter((line) => /[,;\t]/.test(line)).length >= Math.min(2, lines.length)
}
