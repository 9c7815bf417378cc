import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { previewExport, writeExport, type OnScans } from '../../src/core/export'
import { decide } from '../../src/core/review'
import { deriveFields, immediate, setSetting, type Database } from '../../src/core/store'
import type { ExportOptions } from '../../src/shared/domain'
import { fakePages, pageFields, projectOfPages, register, unmatched } from '../fixtures/pages'
import { addReading, project, temporaryFolder } from '../fixtures/small-project'
import { plainExport } from '../fixtures/plain-export'

const base: Omit<ExportOptions, 'out'> = {
  format: 'records',
  rows: 'all',
  ...plainExport,
  overwrite: false
}
const reviewer = 'Ada'

/** Three pages of a form with a surname and a first name, all read, and one page that fits no form. */
async function forms(): Promise<Database> {
  const { db } = await projectOfPages(4)
  await register(
    db,
    fakePages((job) => (job.path.endsWith('4.png') ? unmatched() : {}))
  )
  immediate(db, () => {
    db.exec(
      `INSERT INTO models (id, hash, name, title, manifest, seen_at) VALUES (1, 'hash', 'caps', 'Caps', '{}', '')`
    )
    const images = db.prepare<[], number>('SELECT image_id FROM fields ORDER BY id').pluck().all()
    images.forEach((image, index) => addReading(db, image, { reading: `READ${index + 1}` }))
    setSetting(db, 'currentModel', 1)
    deriveFields(db, 'all', 1)
  })
  return db
}

async function exported(db: Database, options: Partial<ExportOptions> = {}, name = 'records.csv') {
  const out = join(temporaryFolder(), name)
  const wanted = { ...base, ...options, out }
  const preview = await previewExport(db, wanted)
  let told: OnScans = { stale: [], notes: [] }
  const written = await writeExport(db, wanted, { onScans: (found) => (told = found) })
  expect(written).toMatchObject({ files: [out], rows: preview.rows })
  expect(told.notes).toEqual(preview.notes)
  return { out, preview, rows: name.endsWith('csv') ? (parse(readFileSync(out)) as string[][]) : [] }
}

describe('records', () => {
  test('go by where the pages lie, in whatever order their fields were found', async () => {
    const db = await forms()
    const { rows } = await exported(db)
    db.exec('UPDATE fields SET position = 100000 - position')
    expect((await exported(db, {}, 'again.csv')).rows).toEqual(rows)
  })
  test('one row a page, a column a field in the order of the template', async () => {
    const db = await forms()
    const [surname, firstName] = pageFields(db)
    decide(db, { ids: [surname!.id], kind: 'corrected', text: 'LEFORT', reviewer })
    decide(db, { ids: [firstName!.id], kind: 'blank', reviewer })
    const { rows, preview } = await exported(db)
    expect(rows).toEqual([
      ['file', 'page', 'surname', 'first_name'],
      ['page 1.png', '1', 'LEFORT', 'EMPTY'],
      ['page 2.png', '1', 'READ3', 'READ4'],
      ['page 3.png', '1', 'READ5', 'READ6']
    ])
    expect([preview.header, ...preview.sample]).toEqual(rows)
    expect(preview.notes).toEqual([
      '1 page lies on no template, so it has no row.',
      '4 cells are readings that nobody has looked at.'
    ])
    // One that is on its way is not one that fits no form.
    db.exec(`UPDATE pages SET status = 'pending' WHERE status = 'unmatched'`)
    expect((await previewExport(db, { ...base, out: join(temporaryFolder(), 'soon.csv') })).notes[0]).toBe(
      '1 page is still to be laid on a template: its row is missing.'
    )
  })

  test('only what a person has decided; a page of which nothing is has no row', async () => {
    const db = await forms()
    const [first, , third] = pageFields(db)
    decide(db, { ids: [first!.id], kind: 'corrected', text: 'LEFORT', reviewer })
    decide(db, { ids: [third!.id], kind: 'illegible', reviewer })
    const { rows, preview } = await exported(db, { rows: 'decided', unreadable: 'omit' })
    expect(rows.slice(1)).toEqual([
      ['page 1.png', '1', 'LEFORT', ''],
      ['page 2.png', '1', '', '']
    ])
    expect(preview.omitted).toEqual([{ reason: 'Not decided yet', count: 4 }])
  })

  test('state and confidence beside each field', async () => {
    const db = await forms()
    decide(db, { ids: [pageFields(db)[0]!.id], kind: 'corrected', text: 'LEFORT', reviewer })
    const { rows } = await exported(db, { details: ['state', 'confidence'] })
    expect(rows[0]).toEqual([
      ...['file', 'page', 'surname', 'surname_state', 'surname_confidence'],
      ...['first_name', 'first_name_state', 'first_name_confidence']
    ])
    expect(rows[1]).toEqual(['page 1.png', '1', 'LEFORT', 'corrected', '0.5', 'READ2', 'undecided', '0.5'])
  })

  test('fields that are named as the first columns, or as each other but for case, keep a column each', async () => {
    const db = await forms()
    const json = JSON.stringify({
      image: 'form.png',
      fields: ['Page', 'page-2'].map((name) => ({ name, x: 1, y: 1, width: 9, height: 9 }))
    })
    immediate(db, () => {
      db.prepare('UPDATE templates SET json = ?').run(json)
      db.prepare(`UPDATE fields SET name = CASE name WHEN 'surname' THEN 'Page' ELSE 'page-2' END`).run()
    })
    const { rows } = await exported(db)
    expect(rows[0]).toEqual(['file', 'page', 'Page-2', 'page-2-2'])
    expect(rows[1]).toEqual(['page 1.png', '1', 'READ1', 'READ2'])
  })

  test('a workbook of text cells alone', async () => {
    const db = await forms()
    const texts = ['007', '=1+1', '1/2', 'É & <b>', '3E5', ' A ']
    immediate(db, () => {
      pageFields(db).forEach(({ id }, index) =>
        db.prepare(`UPDATE fields SET imported = ?, imported_state = 'text' WHERE id = ?`).run(texts[index], id)
      )
      deriveFields(db, 'all', 1)
    })
    const { out } = await exported(db, {}, 'records.xlsx')
    const parts = unzipSync(readFileSync(out))
    const sheet = strFromU8(parts['xl/worksheets/sheet1.xml']!)
    const shared = parts['xl/sharedStrings.xml'] ? strFromU8(parts['xl/sharedStrings.xml']) : ''
    for (const text of ['007', '=1+1', '1/2', 'É &amp; &lt;b&gt;', '3E5']) expect(sheet + shared).toContain(text)
    expect(sheet).not.toContain('<f>')
    const types = [...sheet.matchAll(/<c [^>]*?\bt="(\w+)"/g)].map(([, type]) => type)
    expect(types).toHaveLength(16)
    expect(new Set(types).size).toBe(1)
    expect(['s', 'inlineStr']).toContain(types[0])
    expect(preview(sheet)).toBe(4)
  })

  test('files that are single fields give a row each', async () => {
    const db = project([{ reading: 'ANNA' }, { imported: 'BEA' }])
    const { rows } = await exported(db)
    expect(rows).toEqual([
      ['file', 'page', 'text'],
      ['name-1.png', '1', 'ANNA'],
      ['name-2.png', '1', 'BEA']
    ])
  })

  test('what makes no sense is refused in words', async () => {
    const db = await forms()
    const out = join(temporaryFolder(), 'x')
    await expect(previewExport(db, { ...base, crops: true, out })).rejects.toThrow(/no crop of its own/)
    await expect(previewExport(db, { ...base, format: 'training', out: `${out}.xlsx` })).rejects.toThrow(/Only records/)
  })
})

/** Rows of a sheet. */
const preview = (sheet: string): number => sheet.match(/<row /g)?.length ?? 0
