/** A PDF's objects, without decoding any of them. */
import { readFile } from 'node:fs/promises'
import { ParseSpeeds, PDFDocument, PDFParser, type PDFContext, type PDFRef } from 'pdf-lib'

/**
 * Bytes that are looked through for the ends of broken objects. Each may be looked for in all that follows it: a file of 29 MB
 * whose 20,000 streams had no end would have taken hours.
 */
const mostSearched = 192 * 1024 * 1024

export class TooBroken extends Error {}

/** What the package keeps to itself, though it takes another parser's work as well. */
interface Parser {
  bytes: { offset(): number }
  parseDocument(): Promise<PDFContext>
  parseIndirectObject(): Promise<PDFRef>
  tryToParseInvalidIndirectObject(): PDFRef
}
const Parsing = PDFParser as unknown as new (bytes: Uint8Array, objectsPerTick: number) => Parser
const Document = PDFDocument as unknown as new (context: PDFContext, encrypted: boolean, update: boolean) => PDFDocument

class Bounded extends Parsing {
  most = mostSearched
  private searched = 0

  override async parseIndirectObject(): Promise<PDFRef> {
    const from = this.bytes.offset()
    try {
      return await super.parseIndirectObject()
    } catch (error) {
      this.searched += this.bytes.offset() - from
      throw error
    }
  }

  override tryToParseInvalidIndirectObject(): PDFRef {
    if (this.searched > this.most) throw new TooBroken('More of its objects are broken than are looked for.')
    const from = this.bytes.offset()
    const found = super.tryToParseInvalidIndirectObject()
    this.searched += this.bytes.offset() - from
    return found
  }
}

/** @throws TooBroken and whatever pdf-lib throws */
export async function objectsOfPdf(path: string, most = mostSearched): Promise<PDFDocument> {
  const parser = new Bounded(await readFile(path), ParseSpeeds.Fast)
  parser.most = most
  const context = await parser.parseDocument()
  return new Document(context, true, false)
}
