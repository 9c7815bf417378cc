/** Bytes of a labels file, or of another table, to text. */
import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'
import { readOrdinaryFile, reasonOfSystemError, sniff, sniffLength } from '../../../reading/images'
import { messageOf, NominaError } from '../../../shared/failure'

/** Of a table: a million names have half of it. */
const mostBytes = 128 * 1024 * 1024

/**
 * @throws NominaError `refused` for what is no ordinary file, `too-large`, `not-found` where the file can't be read, `invalid-input` for an unknown encoding or what is no text
 */
export async function readText(
  path: string,
  encoding?: string,
  /** As messages name it. */
  what = 'labels file'
): Promise<{ text: string; encoding: string }> {
  let bytes: Buffer
  try {
    bytes = await readOrdinaryFile(path, mostBytes)
  } catch (error) {
    if (error instanceof NominaError) throw error
    throw new NominaError(
      'not-found',
      `The ${what} ${path} can't be read. ${reasonOfSystemError(error) ?? messageOf(error)}`
    )
  }
  const other = notTable(bytes.subarray(0, sniffLength))
  if (other)
    throw new NominaError('invalid-input', `The ${what} ${path} is ${other}, not a table of text. Save it as CSV.`)
  const chosen = encoding ?? detectEncoding(bytes)
  if (!iconv.encodingExists(chosen)) throw new NominaError('invalid-input', `There is no text encoding "${chosen}".`)
  // iconv-lite takes the byte order mark off.
  return { text: iconv.decode(bytes, chosen), encoding: chosen }
}

/** What people take for a table, by its first bytes; null for what can be one. */
function notTable(head: Buffer): string | null {
  const kind = sniff(head)
  if (kind.kind === 'image') return `a ${kind.format.toUpperCase()} image`
  const start = head.toString('latin1', 0, 4)
  if (start === 'PK\x03\x04') return 'a spreadsheet (Excel, OpenDocument) or another packed file'
  if (start === '\xd0\xcf\x11\xe0') return 'an old Excel file'
  return kind.kind === 'pdf' ? 'a PDF' : null
}

/** By byte order mark, else by the zero bytes of UTF-16, else UTF-8 where it is valid, else Windows-1252. */
export function detectEncoding(bytes: Buffer): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const head = bytes.subarray(0, 4096)
  let [even, odd] = [0, 0]
  for (let index = 0; index < head.length; index++) {
    if (head[index] !== 0) continue
    if (index % 2) odd++
    else even++
  }
  // Western text in UTF-16 has a zero in nearly every character; a stray zero byte in UTF-8 has not.
  if (odd > head.length / 4 && even < odd / 8) return 'utf-16le'
  if (even > head.length / 4 && odd < even / 8) return 'utf-16be'
  return isUtf8(bytes) || isMostlyUtf8(bytes) ? 'utf-8' : 'windows-1252'
}

/** UTF-8 that was cut off or damaged somewhere: by chance, other encodings hardly ever make its characters. */
function isMostlyUtf8(bytes: Buffer): boolean {
  let [valid, broken] = [0, 0]
  for (const [character] of bytes.toString('utf8').matchAll(/[^\0-\x7f]/gu)) {
    if (character === '\ufffd') broken++
    else valid++
  }
  return valid > 0 && valid >= broken
}
