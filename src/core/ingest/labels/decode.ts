/** Bytes of a labels file, or of another table, to text. */
import iconv from 'iconv-lite'
import { readOrdinaryFile, reasonOfSystemError, sniff, sniffLength } from '../../../reading/images'
import { guessEncoding, type Guess } from './encodings'
import { messageOf, NominaError, say } from '../../../shared/failure'

/** Of a table: a million names have half of it. */
const mostBytes = 128 * 1024 * 1024

export interface ReadText {
  text: string
  encoding: string
  /** Why the encoding is not certain, in a sentence; null where it is, or was given. */
  doubt: string | null
}

/**
 * @throws NominaError `refused` for what is no ordinary file, `too-large`, `not-found` where the file can't be read, `invalid-input` for an unknown encoding or what is no text
 */
export async function readText(
  path: string,
  encoding?: string,
  /** As messages name it. */
  what = 'labels file'
): Promise<ReadText> {
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
  const guess = encoding === undefined ? guessEncoding(bytes) : null
  const chosen = encoding ?? guess!.encoding
  if (!iconv.encodingExists(chosen)) throw new NominaError('invalid-input', say('noEncoding', { name: chosen }))
  // iconv-lite takes the byte order mark off.
  return { text: iconv.decode(bytes, chosen), encoding: chosen, doubt: guess?.doubt ? inWords(guess) : null }
}

function inWords({ encoding, doubt }: Guess): string {
  const { because, others, example } = doubt!
  return because === 'close'
    ? `It may be written in ${encoding} or in ${others.join(' or ')} (${example}). Say which.`
    : `None of the encodings ${others.join(', ')} gives words everywhere (“${example}” in ${encoding}). Say which it is.`
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
