/** The hash of what makes up a page of a PDF, without decoding any of it: its content, resources and boxes as they are stored. */
import { createHash, type Hash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import {
  PDFArray,
  PDFDict,
  PDFName,
  PDFPageLeaf,
  PDFRawStream,
  PDFRef,
  type PDFContext,
  type PDFObject,
  type PDFPage
} from 'pdf-lib'
import { objectsOfPdf } from './pdf-objects'

/** Names what is hashed, and how. */
const name = 'pdf-page-1'
/** The file is held whole: of larger ones only the decoded pages are known. */
const mostBytes = 256 * 1024 * 1024
/** Of a page: a drawing of more parts is known by its pixels. */
const mostObjects = 20_000

/** What lies on a page and is not drawn. */
const undrawn = new Set(['Link', 'Popup'])
/** Keys that make up the picture; names, thumbnails and links to other pages don't. */
const pictured = ['Contents', 'Resources', 'MediaBox', 'CropBox', 'Rotate', 'UserUnit']
/** Keys within it that say nothing of the picture, or lead back to the whole document. */
const aside = new Set([
  'Parent',
  'Length',
  'StructParent',
  'StructParents',
  'Metadata',
  'PieceInfo',
  'LastModified',
  'Name'
])

/** A hash for each page, in order; null where the page can't be followed. None where the file can't. */
export async function hashesOfPdf(path: string): Promise<(string | null)[]> {
  if ((await stat(path)).size > mostBytes) return []
  const document = await objectsOfPdf(path)
  // Encrypted streams differ with their object's number: such pages are known by their pixels.
  if (document.isEncrypted) return []
  // Which of its layers are shown is said for the whole file.
  if (document.catalog.has(PDFName.of('OCProperties'))) return []
  return document.getPages().map((page) => hashOfPage(page, document.context))
}

function hashOfPage({ node }: PDFPage, context: PDFContext): string | null {
  const walk = new Walk(context)
  try {
    if (isDrawnOver(node)) return null
    for (const key of pictured) {
      const value = node.getInheritableAttribute(PDFName.of(key))
      if (value) walk.add(key).object(value)
    }
    return `${name}:${walk.digest()}`
  } catch {
    return null
  }
}

/** Stamps, notes, what was typed into a form: drawn on the page, and known by its pixels alone. */
function isDrawnOver(page: PDFPageLeaf): boolean {
  const notes = page.Annots()
  const kinds = notes?.asArray().map((_, index) => notes.lookup(index, PDFDict).lookup(PDFName.of('Subtype'), PDFName))
  return kinds?.some((kind) => !undrawn.has(kind.decodeText())) ?? false
}

class Walk {
  private readonly hash: Hash = createHash('sha256')
  /** Objects met, by the order in which they were: numbers of objects change when a file is saved. */
  private readonly met = new Map<PDFRef, number>()
  private objects = 0

  constructor(private readonly context: PDFContext) {}

  add(text: string): this {
    this.hash.update(`${text}\n`)
    return this
  }

  object(object: PDFObject): void {
    if (++this.objects > mostObjects) throw new Error('Too many objects.')
    if (object instanceof PDFRef) this.reference(object)
    else if (object instanceof PDFRawStream) {
      this.dictionary(object.dict)
      this.hash.update(object.contents)
    } else if (object instanceof PDFDict) this.dictionary(object)
    else if (object instanceof PDFArray) {
      this.add(`[${object.size()}`)
      for (const item of object.asArray()) this.object(item)
    } else this.add(object.toString())
  }

  digest(): string {
    return this.hash.digest('hex')
  }

  private reference(reference: PDFRef): void {
    const before = this.met.get(reference)
    if (before !== undefined) {
      this.add(`@${before}`)
      return
    }
    this.met.set(reference, this.met.size)
    const object = this.context.lookup(reference)
    if (object) this.object(object)
    else this.add('null')
  }

  private dictionary(dictionary: PDFDict): void {
    const entries = dictionary
      .entries()
      .map(([key, value]) => [key.decodeText(), value] as const)
      .filter(([key]) => !aside.has(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
    this.add(`<${entries.length}`)
    for (const [key, value] of entries) this.add(key).object(value)
  }
}
