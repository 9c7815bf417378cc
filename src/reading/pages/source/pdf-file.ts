/** Gives pdf.js a file piece by piece: a large PDF is never in memory whole, and is opened again before its pieces are too many. */
import { open, type FileHandle } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import {
  getDocument,
  PDFDataRangeTransport,
  VerbosityLevel,
  type PDFDocumentProxy
} from 'pdfjs-dist/legacy/build/pdf.mjs'
import { mostPixels } from './limits'

const assets = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))
const folder = (name: string): string => join(assets, name) + sep

class FileRange extends PDFDataRangeTransport {
  /** Bytes that pdf.js has been given, and holds. */
  held = 0

  constructor(
    private readonly file: FileHandle,
    length: number,
    private readonly onFailure: (error: unknown) => void
  ) {
    super(length, null)
  }

  override requestDataRange(begin: number, end: number): void {
    const length = end - begin
    this.file.read(Buffer.alloc(length), 0, length, begin).then(({ buffer, bytesRead }) => {
      this.held += bytesRead
      this.onDataRange(begin, new Uint8Array(buffer.buffer, buffer.byteOffset, bytesRead))
    }, this.onFailure)
  }
}

export interface OpenPdf {
  document: PDFDocumentProxy
  /** Bytes of the file that are held. */
  held(): number
  close(): Promise<void>
}

/** @throws what pdf.js throws: `PasswordException`, `InvalidPDFException` … */
export async function openPdfFile(path: string): Promise<OpenPdf> {
  const file = await open(path, 'r')
  try {
    let fail: (error: unknown) => void = () => {}
    const failure = new Promise<never>((_resolve, reject) => (fail = reject))
    failure.catch(() => {})
    const range = new FileRange(file, (await file.stat()).size, fail)
    const task = getDocument({
      range,
      disableAutoFetch: true,
      disableStream: true,
      // Without these, JBIG2 and JPEG 2000 scans, standard fonts and CJK text come out blank with only a warning.
      wasmUrl: folder('wasm'),
      standardFontDataUrl: folder('standard_fonts'),
      cMapUrl: folder('cmaps'),
      iccUrl: folder('iccs'),
      useSystemFonts: false,
      // Raw pixels instead of bitmaps of a browser.
      isOffscreenCanvasSupported: false,
      isImageDecoderSupported: false,
      maxImageSize: mostPixels,
      verbosity: VerbosityLevel.ERRORS
    })
    const document = await Promise.race([task.promise, failure])
    return {
      document,
      held: () => range.held,
      async close() {
        await task.destroy()
        await file.close()
      }
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** Whether the file's end is there: a PDF that is cut off can still be opened in part. */
export async function endsAsPdf(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const length = Math.min(2048, size)
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.includes('%%EOF')
  } finally {
    await file.close()
  }
}
