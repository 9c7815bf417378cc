/** What a page's XML says: its image, its fields in reading order, their places and texts. */
import type { Quad } from '../../../shared/forms'
import { isDecided } from '../../../shared/states'
import type { ReadOnlyDatabase } from '../../store'
import { fieldsOfPage, lineQuads } from '../../store/page-fields'
import { pageRows } from '../../store/pages'
import { labelOf } from '../omission'
import { readExportRows, type ExportRow } from '../../store/export-rows'

export interface PageRegion {
  name: string
  quad: Quad
  /** Of its only line; the field's own where there are several, which share one text. */
  line: Quad
  /** Null: no label, or not decided where only decided ones are wanted. Empty: blank. */
  text: string | null
  /** Probability that the text is right; 1 where a person said so. */
  confidence: number | null
  /** A person has said so. */
  decided: boolean
  registration: number | null
  blank: number | null
}

export interface PageContent {
  /** Path below the imported folder, with `/`. */
  file: string
  /** Path from the XML file to an image of the page, with `/`, as other programs look for it. */
  image: string
  rootId: number
  number: number
  pages: number
  width: number
  height: number
  dpi: number | null
  /** Clockwise quarter turns that set it upright. */
  turns: number
  template: string | null
  regions: PageRegion[]
}

/** @param only decided: texts of undecided fields are left out */
export function contentOfPage(
  db: ReadOnlyDatabase,
  pageId: number,
  only: 'decided' | 'all',
  image: string
): PageContent {
  const page = pageRows(db, [pageId])[0]!
  const fields = fieldsOfPage(db, pageId)
  const rows = readExportRows(
    db,
    fields.map(({ id }) => id)
  )
  const lines = lineQuads(db, pageId)
  return {
    ...page,
    image,
    rootId: rows[0]?.rootId ?? 0,
    regions: rows.filter(({ quad }) => quad !== null).map((row) => regionOf(row, lines.get(row.id) ?? [], only))
  }
}

function regionOf(row: ExportRow, lines: Quad[], only: 'decided' | 'all'): PageRegion {
  const quad = JSON.parse(row.quad!) as Quad
  const decided = isDecided(row)
  const label = only === 'decided' && !decided ? null : labelOf(row)
  return {
    name: row.field,
    quad,
    line: lines.length === 1 ? lines[0]! : quad,
    text: label?.state === 'text' || label?.state === 'blank' ? label.text : null,
    confidence: decided ? 1 : row.confidence,
    decided,
    registration: row.registration,
    blank: row.blank
  }
}
