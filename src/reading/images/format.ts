/** What a file is, by its first bytes: names and extensions lie. */
export const imageFormats = ['jpeg', 'png', 'tiff', 'webp'] as const
export type ImageFormat = (typeof imageFormats)[number]

export type FileKind =
  | { kind: 'image'; format: ImageFormat }
  | { kind: 'pdf' }
  /** A format that people do take for a scan, but that is not read. */
  | { kind: 'unsupported'; name: string }
  | { kind: 'empty' }
  | { kind: 'text' }
  | { kind: 'unknown' }

/** How many bytes of a file `sniff` wants to see. */
export const sniffLength = 512

const startsWith = (head: Buffer, text: string, at = 0): boolean =>
  head.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'))

const unsupportedByMagic: [string, string, number?][] = [
  ['GIF', 'GIF8'],
  ['BMP', 'BM'],
  ['JPEG 2000', '\x00\x00\x00\x0cjP  '],
  ['JPEG 2000', '\xff\x4f\xff\x51'],
  ['JPEG XL', '\x00\x00\x00\x0cJXL '],
  ['JPEG XL', '\xff\x0a'],
  ['Photoshop', '8BPS'],
  ['JPEG XR', 'II\xbc'],
  ['ZIP or Office', 'PK\x03\x04'],
  ['PostScript', '%!PS'],
  ['DjVu', 'AT&TFORM'],
  ['Windows icon', '\x00\x00\x01\x00'],
  ['OpenEXR', '\x76\x2f\x31\x01']
]
const heifBrands: Record<string, string> = {
  heic: 'HEIC',
  heix: 'HEIC',
  hevc: 'HEIC',
  heim: 'HEIC',
  heis: 'HEIC',
  mif1: 'HEIC',
  msf1: 'HEIC',
  avif: 'AVIF',
  avis: 'AVIF'
}

/** `head`: the first bytes of the file, up to `sniffLength`. */
export function sniff(head: Buffer): FileKind {
  if (head.length === 0) return { kind: 'empty' }
  const format = imageFormat(head)
  if (format) return { kind: 'image', format }
  // Some programs put a few bytes before it; readers allow for that.
  if (head.includes('%PDF-')) return { kind: 'pdf' }
  const name = unsupportedName(head)
  if (name) return { kind: 'unsupported', name }
  return looksLikeText(head) ? { kind: 'text' } : { kind: 'unknown' }
}

function imageFormat(head: Buffer): ImageFormat | null {
  if (startsWith(head, '\xff\xd8\xff')) return 'jpeg'
  if (startsWith(head, '\x89PNG\r\n\x1a\n')) return 'png'
  // Classic and big TIFF in both byte orders
  if (['II*\x00', 'MM\x00*', 'II+\x00', 'MM\x00+'].some((magic) => startsWith(head, magic))) return 'tiff'
  if (startsWith(head, 'RIFF') && startsWith(head, 'WEBP', 8)) return 'webp'
  return null
}

function unsupportedName(head: Buffer): string | null {
  if (startsWith(head, 'ftyp', 4)) return heifBrands[head.toString('latin1', 8, 12)] ?? 'Video'
  const found = unsupportedByMagic.find(([, magic]) => startsWith(head, magic))
  if (found) return found[0]
  return /^\s*(<\?xml[^]*?)?(<!--[^]*?-->\s*)?(<!DOCTYPE svg[^]*?)?<svg[\s>]/i.test(head.toString('utf8'))
    ? 'SVG'
    : null
}

function looksLikeText(head: Buffer): boolean {
  const utf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
  return (
    utf16 ||
    !head.some(
      (byte) => byte === 0 || (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27)
    )
  )
}
