import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import type { ExportOptions } from '../../src/shared/domain'
import { previewExport, writeExport } from '../../src/core/export'
import { decide, rotateField } from '../../src/core/review'
import { closeStore } from '../../src/core/store'
import { makeProject } from '../fixtures/big-project'
import { project, temporaryFolder, type TestField } from '../fixtures/small-project'
import { plainExport } from '../fixtures/plain-export'

const defaults: Omit<ExportOptions, 'out'> = {
  format: 'training',
  rows: 'all',
  ...plainExport,
  overwrite: false
}
const reviewer = 'Ada'
const records = (path: string): string[][] => parse(readFileSync(path))

/** One field in each state. */
function everyState() {
  const db = project([
    { imported: 'ANNA', reading: 'ANNA', confidence: 0.987654321 },
    { imported: 'BEA', reading: 'BEE', confidence: 0.00000012 },
    { reading: 'CARA' },
    { imported: 'EMPTY', importedState: 'blank', reading: '' },
    { reading: 'DORA' },
    { reading: 'ELSE' },
    {},
    { source: 'failed' }
  ])
  const say = (id: number, kind: 'accepted' | 'corrected' | 'illegible' | 'flagged', text?: string) =>
    decide(db, { ids: [id], kind, text, reviewer })
  say(1, 'accepted')
  say(2, 'corrected', 'BEATE')
  say(5, 'illegible')
  say(6, 'flagged')
  return db
}

describe('rows', () => {
  const exported = async (options: Partial<ExportOptions>) => {
    const db = everyState()
    const out = join(temporaryFolder(), 'out.csv')
    const preview = await previewExport(db, { ...defaults, ...options, out })
    const { rows, files } = await writeExport(db, { ...defaults, ...options, out })
    const [header, ...body] = records(out)
    expect(files).toEqual([out])
    expect(header).toEqual(preview.header)
    expect(body).toEqual(preview.sample)
    expect([rows, body.length]).toEqual([preview.rows, preview.rows])
    return { body, omitted: preview.omitted, notes: preview.notes }
  }

  test('decided, for training', async () => {
    const { body, omitted, notes } = await exported({ rows: 'decided' })
    expect(body).toEqual([
      ['name-1.png', 'ANNA'],
      ['name-2.png', 'BEATE'],
      ['name-5.png', 'UNREADABLE']
    ])
    expect(omitted).toEqual([
      { reason: 'Not decided yet', count: 4 },
      { reason: 'Marked as a wrong crop', count: 1 }
    ])
    expect(notes).toEqual([expect.stringMatching(/^The folder \/scans is out of reach/)])
  })
  test('all, for training', async () => {
    const { body, omitted } = await exported({ rows: 'all' })
    expect(body.map(([, text]) => text)).toEqual(['ANNA', 'BEATE', 'CARA', 'EMPTY', 'UNREADABLE'])
    expect(omitted.map(({ reason, count }) => [reason, count])).toEqual([
      ['Marked as a wrong crop', 1],
      ['Not read yet, and no label', 1],
      ['Could not be read, and no label', 1]
    ])
  })
  test('blank and illegible left out', async () => {
    const { body, omitted } = await exported({ rows: 'all', unreadable: 'omit' })
    expect(body.map(([, text]) => text)).toEqual(['ANNA', 'BEATE', 'CARA'])
    expect(omitted).toContainEqual({ reason: 'Illegible', count: 1 })
    expect(omitted).toContainEqual({ reason: 'Blank', count: 1 })
  })
  test('by filter', async () => {
    const { body } = await exported({ rows: 'filter', filter: { search: 'bea' } })
    expect(body).toEqual([['name-2.png', 'BEATE']])
  })
  test('all, in full', async () => {
    const { body, omitted } = await exported({ rows: 'all', format: 'full' })
    const withoutTime = body.map((cells) =>
      cells.slice(0, 12).map((cell) => (/^\d{4}-.*Z$/.test(cell) ? 'time' : cell))
    )
    // Whole images lie on no page: no corners.
    expect(body.flatMap((cells) => cells.slice(12))).toEqual(Array(80).fill(''))
    expect(withoutTime).toEqual([
      ['name-1.png', '1', '', 'ANNA', 'ANNA', '0.987654', 'ANNA', 'decision', 'accepted', 'Ada', 'time', 'caps'],
      ['name-2.png', '1', '', 'BEA', 'BEE', '0', 'BEATE', 'decision', 'corrected', 'Ada', 'time', 'caps'],
      ['name-3.png', '1', '', '', 'CARA', '0.5', 'CARA', 'reading', 'undecided', '', '', 'caps'],
      ['name-4.png', '1', '', 'EMPTY', '', '0.5', 'EMPTY', 'imported', 'undecided', '', '', 'caps'],
      ['name-5.png', '1', '', '', 'DORA', '0.5', 'UNREADABLE', 'decision', 'illegible', 'Ada', 'time', 'caps'],
      ['name-6.png', '1', '', '', 'ELSE', '0.5', '', '', 'flagged', 'Ada', 'time', 'caps'],
      ['name-7.png', '1', '', '', '', '', '', '', 'undecided', '', '', ''],
      ['name-8.png', '1', '', '', '', '', '', '', 'failed', '', '', '']
    ])
    expect(omitted).toEqual([])
  })
})

test('the bytes are UTF-8 without a mark, RFC 4180, and the header is fixed', async () => {
  const db = project([{ path: 'a,b.png', imported: 'Zoë "Zo" 🖋' }])
  const folder = temporaryFolder()
  await writeExport(db, { ...defaults, out: join(folder, 't.csv') })
  await writeExport(db, { ...defaults, format: 'full', out: join(folder, 'f.csv') })
  expect(readFileSync(join(folder, 't.csv'), 'utf8')).toBe('FILENAME,IDENTITY\n"a,b.png","Zoë ""Zo"" 🖋"\n')
  expect(readFileSync(join(folder, 'f.csv'), 'utf8').split('\n')[0]).toBe(
    'file,page,field,imported,reading,confidence,text,origin,status,reviewer,decided_at,model,' +
      'x0,y0,x1,y1,x2,y2,x3,y3,registration,blank'
  )
})

const hard = [
  'two\nlines',
  'carriage\rreturn',
  'both\r\n',
  ' spaces ',
  '"',
  '""quoted""',
  '=1+1',
  '+49',
  '-1',
  '@me',
  '<img src=x onerror=alert(1)>',
  '👩‍🎤',
  "';--",
  '\ttab',
  'A'.repeat(100_000),
  'semi;colon',
  '\ufeffmark'
]

test('any text comes back as it was, and a name as well', async () => {
  const fields = hard.map((text, index): TestField => ({ imported: text, path: `${text.slice(0, 40)}-${index}.png` }))
  const out = join(temporaryFolder(), 'out.csv')
  await writeExport(project(fields), { ...defaults, out })
  expect(records(out).slice(1)).toEqual(fields.map((field) => [field.path, field.imported]))
})

test('what is exported and imported again is exported the same', async () => {
  const folder = temporaryFolder()
  const first = join(folder, 'first.csv')
  const second = join(folder, 'second.csv')
  await writeExport(project(hard.map((text) => ({ imported: text }))), { ...defaults, out: first })
  const again = records(first)
    .slice(1)
    .map(([path, imported]): TestField => ({ path: path!, imported: imported! }))
  await writeExport(project(again), { ...defaults, out: second })
  expect(readFileSync(second).equals(readFileSync(first))).toBe(true)
})

test('only on request are cells that a spreadsheet would run made text', async () => {
  const out = join(temporaryFolder(), 'out.csv')
  const texts = ['=1+1', '+49', '-1', '@me', "O'NEIL", 'A=B']
  await writeExport(project(texts.map((imported) => ({ imported }))), { ...defaults, out, spreadsheetSafe: true })
  expect(
    records(out)
      .slice(1)
      .map(([, text]) => text)
  ).toEqual(["'=1+1", "'+49", "'-1", "'@me", "O'NEIL", 'A=B'])
})

describe('names', () => {
  test('of two folders with the same file get the folders in front, each its own', async () => {
    const db = project([
      { root: '/a/scans', path: '1.png', imported: 'A' },
      { root: '/b/scans', path: '1.png', imported: 'B' },
      { root: '/b/scans', path: '2.png', imported: 'C' }
    ])
    const out = join(temporaryFolder(), 'out.csv')
    const { notes } = await previewExport(db, { ...defaults, out })
    expect(notes.join()).toMatch(/more than one imported folder/)
    await writeExport(db, { ...defaults, out })
    expect(
      records(out)
        .slice(1)
        .map(([name]) => name)
    ).toEqual(['a/scans/1.png', 'b/scans/1.png', 'b/scans/2.png'])
  })
  test('of pages of one file are no names of an image: said, and left out without crops', async () => {
    const pages = [1, 2].map((page) => ({ path: 'a.tif', page, imported: `P${page}`, sha256: 'aa' }))
    const preview = await previewExport(project([...pages, { imported: 'B' }]), { ...defaults, out: '/nowhere/o.csv' })
    expect(preview.rows).toBe(1)
    expect(preview.omitted).toEqual([{ reason: expect.stringMatching(/export with crops/), count: 2 }])
  })
  test('of turned fields come with a note', async () => {
    const db = project([{ imported: 'A', reading: 'A' }])
    rotateField(db, 1, 2, { reviewer: 'Ada' })
    expect((await previewExport(db, { ...defaults, out: '/nowhere/o.csv' })).notes.join()).toMatch(/1 field was turned/)
  })
})

describe('what is there already', () => {
  const db = () => project([{ imported: 'ANNA' }])
  test('is refused without overwrite, and replaced with it', async () => {
    const out = join(temporaryFolder(), 'out.csv')
    writeFileSync(out, 'precious')
    expect((await previewExport(db(), { ...defaults, out })).files).toEqual([{ path: out, rows: 1, exists: true }])
    await expect(writeExport(db(), { ...defaults, out })).rejects.toMatchObject({ code: 'exists' })
    expect(readFileSync(out, 'utf8')).toBe('precious')
    await writeExport(db(), { ...defaults, out, overwrite: true })
    expect(records(out)).toHaveLength(2)
    expect(readdirSync(join(out, '..'))).toEqual(['out.csv'])
  })
  test('a folder of another is never replaced', async () => {
    const out = temporaryFolder()
    mkdirSync(join(out, 'crops'))
    writeFileSync(join(out, 'crops', 'mine.png'), 'precious')
    const options = { ...defaults, out, crops: true, overwrite: true }
    await expect(writeExport(db(), options)).rejects.toMatchObject({ code: 'exists' })
    expect(readdirSync(out)).toEqual(['crops'])
  })
  test('a folder in place of the file, or a file in place of the folder, is refused', async () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'out.csv'))
    writeFileSync(join(folder, 'plain'), '')
    const to = (out: string) => writeExport(db(), { ...defaults, out: join(folder, out), overwrite: true })
    await expect(to('out.csv')).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/is a folder/)
    })
    await expect(to('plain/out.csv')).rejects.toMatchObject({ code: 'refused' })
    expect(readdirSync(folder).sort()).toEqual(['out.csv', 'plain'])
  })
})

test('a cancelled export leaves nothing, not even the folder it made', async () => {
  const folder = temporaryFolder()
  const db = makeProject(join(folder, 'project'), { fields: 2000 })
  const abort = new AbortController()
  const options = { ...defaults, out: join(folder, 'new') }
  const writing = writeExport(db, options, {
    signal: abort.signal,
    onProgress: () => abort.abort(new Error('Stopped.'))
  })
  await expect(writing).rejects.toThrow('Stopped.')
  expect(readdirSync(folder)).toEqual(['project'])
  closeStore(db)
})

describe('split', () => {
  const split = { train: 70, validation: 20, test: 10 }
  const inPart = (folder: string) =>
    Object.fromEntries(
      ['train', 'validation', 'test'].map((part) => [
        part,
        records(join(folder, `${part}.csv`))
          .slice(1)
          .map(([name]) => name!)
      ])
    )

  test('is the same each time, keeps identical images together and stays when fields are added', async () => {
    const fields = Array.from({ length: 400 }, (_, index): TestField => ({
      imported: 'A',
      sha256: createHash('sha256')
        .update(String(index >> 1))
        .digest('hex')
    }))
    const folder = temporaryFolder()
    const write = async (name: string, some: TestField[]) => {
      await writeExport(project(some), { ...defaults, out: join(folder, name), split })
      return inPart(join(folder, name))
    }
    const all = await write('all', fields)
    expect(await write('again', fields)).toEqual(all)
    expect(Object.values(all).flat()).toHaveLength(400)
    for (const names of Object.values(all)) {
      expect(names.length).toBeGreaterThan(0)
      const numbers = new Set(names.map((name) => Number(/\d+/.exec(name)![0])))
      for (const number of numbers) expect(numbers.has(number % 2 ? number + 1 : number - 1)).toBe(true)
    }
    const some = await write('some', fields.slice(0, 300))
    for (const [part, names] of Object.entries(some)) expect(all[part]).toEqual(expect.arrayContaining(names))
  })

  test('previews its files with their rows', async () => {
    const db = makeProject(temporaryFolder(), { fields: 1000, labelled: 1 })
    const out = join(temporaryFolder(), 'new')
    const preview = await previewExport(db, { ...defaults, out, split: { train: 80, validation: 20, test: 0 } })
    expect(preview.files.map((file) => file.path)).toEqual([join(out, 'train.csv'), join(out, 'validation.csv')])
    const { files } = await writeExport(db, { ...defaults, out, split: { train: 80, validation: 20, test: 0 } })
    expect(files.map((file) => records(file).length - 1)).toEqual(preview.files.map((file) => file.rows))
    closeStore(db)
  })

  test('of shares that do not add up, or into one file, is refused', async () => {
    const db = project([])
    const wrong = { ...defaults, out: '/nowhere/x', split: { train: 80, validation: 30, test: 0 } }
    await expect(previewExport(db, wrong)).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(writeExport(db, { ...defaults, out: '/nowhere/x.csv', split })).rejects.toThrow(/give a folder/)
  })
})
