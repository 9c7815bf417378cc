import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ownHashes } from '../../src/reading/pages/content'
import { pdfOfPages, type PdfObject } from '../fixtures/pdf'
import { folder } from '../fixtures/scans'

describe('what a page of a PDF is known by without being decoded', () => {
  const typed = (text: string): PdfObject => ({
    dictionary: '/Type /XObject /Subtype /Form /BBox [0 0 180 80] /Resources << /Font << /F 3 0 R >> >>',
    stream: Buffer.from(`BT /F 30 Tf 5 20 Td (${text}) Tj ET`)
  })
  const page = { width: 200, height: 100, content: '0 0 m 10 10 l S' }
  const known = async (made: Buffer): Promise<string | null | undefined> => {
    const path = join(folder(), 'a.pdf')
    writeFileSync(path, made)
    return (await ownHashes(path, 'pdf'))[0]
  }

  test('is nothing where more than the page is drawn: a form that was filled in, a stamp', async () => {
    for (const kind of ['Widget', 'FreeText', 'Stamp', 'Ink']) {
      const note = `/Annots [<< /Type /Annot /Subtype /${kind} /Rect [10 10 190 90] /AP << /N 7 0 R >> >>]`
      expect(await known(pdfOfPages([{ ...page, attributes: note }], '', [typed('ONE')]))).toBeNull()
    }
    const link = '/Annots [<< /Type /Annot /Subtype /Link /Rect [10 10 190 90] >>]'
    expect(await known(pdfOfPages([{ ...page, attributes: link }]))).toBe(await known(pdfOfPages([page])))
  })

  test('is nothing where the file says which layers are shown', async () => {
    const layered = pdfOfPages([{ ...page, resources: '/Properties << /A 7 0 R >>' }], '', [
      '<< /Type /OCG /Name (A) >>'
    ])
    const catalogue = '<< /Type /Catalog /Pages 2 0 R'
    const shown = `${catalogue} /OCProperties << /OCGs [7 0 R] /D << /OFF [7 0 R] >> >>`
    expect(await known(Buffer.from(layered.toString('latin1').replace(catalogue, shown), 'latin1'))).toBeUndefined()
  })
})
