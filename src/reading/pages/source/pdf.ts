/** Pages of a PDF: an embedded scan at its own resolution and orientation, else the page rendered. */
import { ImageKind, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { messageOf, NominaError, say } from '../../../shared/failure'
import type { Pixels } from '../register'
import { mostColourPixels, refuseLargePage, refusePageCount } from './limits'
import { contentOf, type PageContent, type Scan } from './pdf-scan'
import { endsAsPdf, openPdfFile, type OpenPdf } from './pdf-file'
import { squared } from '../../images/square'
import { blackOnWhite } from '../../images/tones'
import { cut, greyOf, greyOfBits, isBilevel, onWhite, rgbOf, withoutFalseColour } from './pixels'
import { unfoldedOf, type TooMuchOn } from './pdf-unfolded'
import type { PageSource, StoredPage } from './page-source'

/** Resolution of a rendering, dpi: enough for handwriting, and no more than the page has. */
const leastDpi = 200
const mostDpi = 300
/** Bytes of the file held before it is opened again, and pages, since pdf.js keeps what pages share. */
const mostHeld = 96 * 1024 * 1024
const mostRead = 200
const pointsPerInch = 72

/** @throws NominaError `unreadable` */
export async function openPdf(path: string): Promise<Omit<PageSource, 'own'>> {
  const whole = await endsAsPdf(path)
  let opened = await openOrExplain(path, whole)
  let read = 0
  let tooMuchOn: Promise<TooMuchOn> | undefined
  const pages = opened.document.numPages
  try {
    refusePageCount(pages, 'PDF')
  } catch (error) {
    await opened.close()
    throw error
  }
  return {
    format: 'pdf',
    pages,
    note: whole ? null : 'The PDF ends too early: pages may be missing at its end. Copy or scan it again.',
    // Not known before the page's content is looked at: as an A4 page in colour at 300 dpi.
    bytesOf: () => Promise.resolve(26_000_000),
    async read(number) {
      const reason = (await (tooMuchOn ??= unfoldedOf(path)))(number)
      if (reason) throw new NominaError('unreadable', reason)
      if (opened.held() > mostHeld || ++read > mostRead) {
        await opened.close()
        opened = await openOrExplain(path, whole)
        read = 1
      }
      return readPage(opened, number)
    },
    close: () => opened.close()
  }
}

async function openOrExplain(path: string, whole: boolean): Promise<OpenPdf> {
  try {
    return await openPdfFile(path)
  } catch (error) {
    throw new NominaError('unreadable', reasonOf(error, whole), { cause: error })
  }
}

function reasonOf(error: unknown, whole: boolean): string {
  const name = error instanceof Error ? error.name : ''
  if (name === 'PasswordException')
    return 'The PDF is protected by a password. Save it without one and import it again.'
  if (!whole) return 'The PDF ends in the middle: it was not copied or downloaded whole. Copy it again.'
  return `The PDF is damaged (${firstLine(error)}). Copy it again, or print it into a new PDF.`
}

const firstLine = (error: unknown): string => messageOf(error).split('\n')[0]!.replace(/\.$/, '')

async function readPage({ document }: OpenPdf, number: number): Promise<StoredPage> {
  let page: PDFPageProxy | undefined
  try {
    page = await document.getPage(number)
    const content = contentOf(page, await page.getOperatorList())
    const scan = content.scan && (await scanOf(page, content.scan))
    return asPaper(scan ? { ...scan, origin: 'embedded', turns: content.scan!.turns } : await render(page, content))
  } catch (error) {
    if (error instanceof NominaError) throw error
    throw new NominaError('unreadable', `This page of the PDF is damaged (${firstLine(error)}).`, { cause: error })
  } finally {
    page?.cleanup()
  }
}

function asPaper({ pixels, ...rest }: Omit<StoredPage, 'note'>): StoredPage {
  const { notes, ...paper } = blackOnWhite(pixels, isBilevel(pixels.data))
  return { ...rest, pixels: paper, note: notes?.join(' ') ?? null }
}

interface Decoded {
  width: number
  height: number
  kind: number
  data?: Uint8ClampedArray
}

/** The embedded image's pixels, as far as the page shows them, and square; null where pdf.js has none, and the page must be rendered. */
async function scanOf(
  page: PDFPageProxy,
  { image, points, shown }: Scan
): Promise<{ pixels: Pixels; dpi: number } | null> {
  const pixels = await imageOf(page, image)
  if (!pixels) return null
  const { width, height } = pixels
  const dpi = { x: (width * pointsPerInch) / points.width, y: (height * pointsPerInch) / points.height }
  const part = cut(pixels, {
    left: Math.round(shown.left * width),
    top: Math.round(shown.top * height),
    right: Math.round(shown.right * width),
    bottom: Math.round(shown.bottom * height)
  })
  return { pixels: squared(part, dpi), dpi: Math.round(Math.max(dpi.x, dpi.y)) }
}

async function imageOf(page: PDFPageProxy, image: unknown): Promise<Pixels | null> {
  const { width, height, kind, data } = typeof image === 'string' ? await objectOf(page, image) : (image as Decoded)
  if (!data) return null
  refuseLargePage(width, height)
  if (kind === ImageKind.GRAYSCALE_1BPP) return { data: greyOfBits(data, width, height), width, height, channels: 1 }
  const large = width * height > mostColourPixels
  if (kind === ImageKind.RGB_24BPP) {
    if (large) return { data: greyOf(data, 3), width, height, channels: 1 }
    return withoutFalseColour({ data: bytesOf(data), width, height, channels: 3 })
  }
  if (kind !== ImageKind.RGBA_32BPP) return null
  return withoutFalseColour({ data: onWhite(data), width, height, channels: 3 })
}

const bytesOf = (data: Uint8ClampedArray): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.length)

/** Objects that several pages share have names of their own. */
function objectOf(page: PDFPageProxy, name: string): Promise<Decoded> {
  const objects = name.startsWith('g_') ? page.commonObjs : page.objs
  return new Promise((resolve, reject) =>
    objects.get(name, (found: Decoded | null) =>
      found ? resolve(found) : reject(new NominaError('unreadable', say('pdfDamaged')))
    )
  )
}

async function render(page: PDFPageProxy, { largest }: PageContent): Promise<Omit<StoredPage, 'note'>> {
  const own = largest && largest.points > 0 ? (largest.width * pointsPerInch) / largest.points : leastDpi
  const dpi = Math.round(Math.min(mostDpi, Math.max(leastDpi, own)))
  const viewport = page.getViewport({ scale: dpi / pointsPerInch })
  const width = Math.max(1, Math.round(viewport.width))
  const height = Math.max(1, Math.round(viewport.height))
  refuseLargePage(width, height, `At ${dpi} dpi the page would be`)
  const { createCanvas } = await import('@napi-rs/canvas')
  const canvas = createCanvas(width, height)
  await page.render({ canvas: canvas as never, viewport, background: '#ffffff' }).promise
  const data = canvas.data()
  const pixels: Pixels =
    width * height > mostColourPixels
      ? { data: greyOf(data, 4), width, height, channels: 1 }
      : withoutFalseColour({ data: rgbOf(data), width, height, channels: 3 })
  return { pixels, dpi, origin: 'rendered', turns: 0 }
}
