/** Good files of every kind that Nomina takes in, made here: what is mutated. */
import sharp from 'sharp'
import { pdf, pdfOfPages } from '../../test/fixtures/pdf'

export type Kind = 'image' | 'pdf' | 'labels' | 'template' | 'manifest'
export interface Original {
  kind: Kind
  /** With the extension that it is taken in by. */
  extension: string
  bytes: Buffer
}

const words = `<svg xmlns="http://www.w3.org/2000/svg" width="160" height="40"><rect width="160" height="40" fill="#eee"/>
  <path d="M10 30 L25 8 L40 30 M60 8 v22 h18 M95 30 q20 -40 40 0" stroke="#222" stroke-width="3" fill="none"/></svg>`

/** A PDF whose forms each draw the next one many times: small to write, endless to draw. */
function nestedForms(levels: number, times: number): Buffer {
  const form = (next: string | null): { dictionary: string; stream: Buffer } => ({
    dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 100 100] ${next ? `/Resources << /XObject << /N ${next} >> >>` : ''}`,
    stream: Buffer.from(next ? '/N Do '.repeat(times) : '0 0 10 10 re f')
  })
  const first = 5
  const forms = Array.from({ length: levels }, (_, at) => form(at + 1 < levels ? `${first + at + 1} 0 R` : null))
  return pdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /XObject << /N ${first} 0 R >> >> >>`,
    { dictionary: '', stream: Buffer.from('/N Do') },
    ...forms
  ])
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value, null, 1))

export async function makeOriginals(): Promise<Original[]> {
  const drawn = sharp(Buffer.from(words)).flatten()
  const wide = sharp({ create: { width: 30_000, height: 300, channels: 3, background: '#fff' } })
  const images: [string, Buffer][] = [
    ['png', await drawn.clone().png().toBuffer()],
    ['jpg', await drawn.clone().jpeg().toBuffer()],
    ['jpg', await drawn.clone().jpeg({ progressive: true }).toBuffer()],
    ['tif', await drawn.clone().tiff({ compression: 'lzw' }).toBuffer()],
    ['tif', await drawn.clone().toColourspace('b-w').tiff({ compression: 'ccittfax4', bitdepth: 1 }).toBuffer()],
    ['webp', await drawn.clone().webp().toBuffer()],
    ['png', await wide.png().toBuffer()]
  ]
  const page = (content: string) => ({ width: 300, height: 400, content })
  const pdfs = [
    pdfOfPages([page('BT /F 20 Tf 20 300 Td (ADA LOVELACE) Tj ET'), page('0 0 100 100 re f')]),
    pdfOfPages([
      {
        ...page('q 300 0 0 400 0 0 cm /I Do Q'),
        image: {
          dictionary: '/Width 160 /Height 40 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode',
          stream: images[1]![1]
        }
      }
    ]),
    nestedForms(4, 8),
    nestedForms(12, 12)
  ]
  const rows = Array.from({ length: 200 }, (_, at) => `${at}.png,"NAME ${at}"`)
  const tables = [
    `FILENAME,IDENTITY\n${rows.join('\n')}\n`,
    `file;text\r\n${rows.map((row) => row.replace(',', ';')).join('\r\n')}`,
    `a\tb\n1.png\t5" tall\n2.png\tÉMILE\n`
  ]
  const box = { x: 10, y: 10, width: 60, height: 20 }
  return [
    ...images.map(([extension, bytes]): Original => ({ kind: 'image', extension, bytes })),
    ...pdfs.map((bytes): Original => ({ kind: 'pdf', extension: 'pdf', bytes })),
    ...tables.map((text): Original => ({ kind: 'labels', extension: 'csv', bytes: Buffer.from(text) })),
    {
      kind: 'template',
      extension: 'json',
      bytes: json({ image: 'form.png', fields: ['surname', 'first'].map((name) => ({ name, ...box })) })
    },
    {
      kind: 'manifest',
      extension: 'json',
      bytes: json({
        schema: 1,
        id: 'mutated',
        title: 'Mutated',
        kind: 'ctc',
        file: 'mutated.onnx',
        sha256: '0'.repeat(64),
        input: { name: 'image', layout: 'NCHW', height: 32, width: 256, fit: 'box' },
        output: { name: 'logits', layout: 'NTC', activation: 'logits' },
        charset: [' ', 'A', 'B'],
        blank: 0
      })
    }
  ]
}
