/**
 * How much a page of a PDF draws once its forms, drawn within forms, are unfolded. pdf.js unfolds them all before it draws, and
 * listens to nothing meanwhile: three kilobytes have taken minutes and gigabytes. And it leaves out what is too large, in silence.
 */
import { stat } from 'node:fs/promises'
import { inflateSync } from 'node:zlib'
import { PDFArray, PDFDict, PDFName, PDFNumber, PDFRawStream, type PDFObject } from 'pdf-lib'
import { messageOf } from '../../../shared/failure'
import { objectsOfPdf, TooBroken } from '../content/pdf-objects'
import { refuseLargePage } from './limits'

/** Bytes of drawing instructions: the densest plans have some 30 million. */
const mostUnfolded = 64 * 1024 * 1024
/** Larger files are held by no one whole; what unfolds is small. */
const mostBytes = 96 * 1024 * 1024

/** Why a page (from 1) can't be drawn, in words for people; null where it can, or nothing is known of it. */
export type TooMuchOn = (number: number) => string | null

const tooMuchDrawn =
  'This page of the PDF draws more than can be held: forms within forms, or content packed very small. Save it as an image.'

const tooBroken = 'The PDF is damaged: too many of its parts have no end. Copy it again, or print it into a new PDF.'

/** @param mostSearched bytes that are looked through for the ends of broken objects */
export async function unfoldedOf(path: string, mostSearched?: number): Promise<TooMuchOn> {
  if ((await stat(path)).size > mostBytes) return () => null
  try {
    const document = await objectsOfPdf(path, mostSearched)
    if (document.isEncrypted) return () => null
    const unfolding = new Unfolding()
    return (number) => {
      const bytes = unfolding.ofPage(document.getPage(number - 1).node)
      return unfolding.tooLarge ?? (bytes > mostUnfolded ? tooMuchDrawn : null)
    }
  } catch (error) {
    return () => (error instanceof TooBroken ? tooBroken : null)
  }
}

class Unfolding {
  /** Bytes by form; of one that is being unfolded, 0: it draws itself, which nobody follows. */
  private readonly known = new Map<PDFRawStream, number>()
  /** Of the last page: an image that is above the limit. */
  tooLarge: string | null = null

  ofPage(page: PDFDict): number {
    this.tooLarge = null
    const resources = inherited(page, 'Resources')
    const contents = page.lookup(PDFName.of('Contents'))
    const streams =
      contents instanceof PDFArray ? contents.asArray().map((one) => page.context.lookup(one)) : [contents]
    return this.ofStreams(streams, resources instanceof PDFDict ? resources : null)
  }

  private ofStreams(streams: (PDFObject | undefined)[], resources: PDFDict | null): number {
    let sum = 0
    const drawn = new Map<string, number>()
    for (const stream of streams) {
      if (!(stream instanceof PDFRawStream)) continue
      const content = contentOf(stream)
      if (content === null) return Infinity
      sum += content.length
      for (const [, name] of content.matchAll(/\/([^\s/<>[\]()]+)\s+Do\b/g))
        drawn.set(name!, (drawn.get(name!) ?? 0) + 1)
    }
    const forms = resources?.lookup(PDFName.of('XObject'))
    if (!(forms instanceof PDFDict)) return sum
    for (const [name, times] of drawn) {
      const form = forms.lookup(PDFName.of(name))
      if (!(form instanceof PDFRawStream)) continue
      const kind = form.dict.lookup(PDFName.of('Subtype'))
      if (kind === PDFName.of('Form')) sum += times * this.ofForm(form, resources)
      if (kind === PDFName.of('Image')) this.lookAtImage(form.dict)
    }
    return sum
  }

  private lookAtImage(image: PDFDict): void {
    const [width, height] = ['Width', 'Height'].map((key) => image.lookup(PDFName.of(key)))
    if (!(width instanceof PDFNumber) || !(height instanceof PDFNumber)) return
    try {
      refuseLargePage(width.asNumber(), height.asNumber(), 'The scan in this page of the PDF is')
    } catch (error) {
      this.tooLarge = messageOf(error)
    }
  }

  private ofForm(form: PDFRawStream, outer: PDFDict | null): number {
    const before = this.known.get(form)
    if (before !== undefined) return before
    this.known.set(form, 0)
    const own = form.dict.lookup(PDFName.of('Resources'))
    const bytes = this.ofStreams([form], own instanceof PDFDict ? own : outer)
    this.known.set(form, bytes)
    return bytes
  }
}

function inherited(page: PDFDict, key: string): PDFObject | undefined {
  for (let node: PDFObject | undefined = page; node instanceof PDFDict; node = node.lookup(PDFName.of('Parent'))) {
    const value = node.lookup(PDFName.of(key))
    if (value) return value
  }
  return undefined
}

/** null: it is larger than anything may be. Filters other than the usual one don't unfold so far. */
function contentOf({ dict, contents }: PDFRawStream): string | null {
  const filter = dict.lookup(PDFName.of('Filter'))
  const first = filter instanceof PDFArray ? filter.lookup(0) : filter
  const bytes = Buffer.from(contents)
  if (first !== PDFName.of('FlateDecode')) return bytes.toString('latin1')
  try {
    return inflateSync(bytes, { maxOutputLength: mostUnfolded }).toString('latin1')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? null : ''
  }
}
