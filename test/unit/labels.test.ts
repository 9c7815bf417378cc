import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { inspectLabels } from '../../src/core/ingest'
import { guessEncoding } from '../../src/core/ingest/labels/encodings'
import { detectDelimiter, parseTable } from '../../src/core/ingest/labels/parse'
import { decide } from '../../src/core/review'
import { fieldsOf, folder, importInto, importWithLabels, newProject, writePictures } from '../fixtures/scans'

const labelsOf = (db: Parameters<typeof fieldsOf>[0]) =>
  fieldsOf(db).map(({ file, imported, importedState }) => [file, imported, importedState])

async function scans(names: string[]) {
  const root = folder()
  await writePictures(root, names)
  return { root, db: newProject() }
}

describe('labels', () => {
  test('blank, EMPTY and UNREADABLE are states; other texts are kept as written', async () => {
    const { root, db } = await scans(['1.png', '2.png', '3.png', '4.png', '5.png'])
    const csv =
      'FILENAME,IDENTITY\r\n1.png, d\'OSTREVIN \r\n2.png,\r\n3.png, empty \r\n4.png,Unreadable\r\n5.png,"=A, ""B""\nC"\r\n'
    const { labels } = await importWithLabels(db, root, csv)
    expect(labelsOf(db)).toEqual([
      ['1.png', " d'OSTREVIN ", 'text'],
      ['2.png', '', 'blank'],
      ['3.png', ' empty ', 'blank'],
      ['4.png', 'Unreadable', 'illegible'],
      ['5.png', '=A, "B"\nC', 'text']
    ])
    expect(labels).toMatchObject({
      rows: 5,
      matched: 5,
      duplicates: 0,
      problems: [],
      rowsWithoutFile: [],
      filesWithoutRow: []
    })
  })

  test.each(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'])(
    '%s is found by looking, accents and all',
    async (encoding) => {
      const { root, db } = await scans(['1.png', '2.png'])
      const text = 'fichier;nom\n1.png;ÉLODIE\n2.png;NOËL-Ç\n'
      for (const addBOM of encoding === 'windows-1252' ? [false] : [false, true]) {
        const bytes = iconv.encode(text, encoding, { addBOM })
        expect(guessEncoding(bytes)).toEqual({ encoding, doubt: null })
        await importWithLabels(db, root, bytes)
        expect(labelsOf(db).map(([, label]) => label)).toEqual(['ÉLODIE', 'NOËL-Ç'])
      }
    }
  )

  test('the wrong encoding, chosen by hand, loses no row in silence', async () => {
    const { root, db } = await scans(['1.png', '2.png'])
    const path = join(root, 'labels.csv')
    writeFileSync(path, iconv.encode('file,text\n1.png,NOËL\n2.png,ANNA\n', 'windows-1252'))
    const { chosen } = await inspectLabels({ path, paths: [root], encoding: 'utf-8' })
    const { labels } = await importInto(db, [root], chosen)
    expect([labels.rows, labels.matched, labels.problems]).toEqual([
      2,
      1,
      [expect.stringMatching(/^Line 2: .*encoding/)]
    ])
  })

  test('columns are found by the files they name, with and without header, and can be corrected', async () => {
    const { root, db } = await scans(['1.png', '2.png'])
    const path = join(root, 'labels.csv')
    writeFileSync(path, 'id\timage\tcomment\tnom\n7\t1.png\tx\tAVRIL\n8\t2.png\ty\tMAI\n')
    const found = await inspectLabels({ path, paths: [root] })
    expect(found.chosen).toMatchObject({ delimiter: '\t', filenameColumn: 'image', textColumn: 'nom' })
    expect([found.columns, found.rows, found.matched]).toEqual([['id', 'image', 'comment', 'nom'], 2, 2])
    const corrected = await inspectLabels({ path, paths: [root], filenameColumn: 'id', textColumn: 'comment' })
    expect([corrected.chosen.filenameColumn, corrected.chosen.textColumn, corrected.matched]).toEqual([
      'id',
      'comment',
      0
    ])
    const stale = await inspectLabels({ path, paths: [root], filenameColumn: 'of another file' })
    expect(stale.chosen.filenameColumn).toBe('image')
    await importInto(db, [root], { ...found.chosen, textColumn: 'comment' })
    expect(labelsOf(db).map(([, label]) => label)).toEqual(['x', 'y'])
    await expect(importInto(db, [root], { ...found.chosen, textColumn: 'none' })).rejects.toThrow(
      /no column "none".*id, image/
    )
    writeFileSync(path, '1.png,AVRIL\n2.png,MAI\n')
    const bare = await inspectLabels({ path, paths: [root] })
    expect([bare.chosen.filenameColumn, bare.chosen.textColumn, bare.rows]).toEqual(['Column 1', 'Column 2', 2])
    expect((await importInto(db, [root], bare.chosen)).labels.matched).toBe(2)
    expect(labelsOf(db).map(([, label]) => label)).toEqual(['AVRIL', 'MAI'])
  })

  test('names: by path, by base name, without extension, in another case; several of one name are told of', async () => {
    const { root, db } = await scans(['a/1.png', 'b/1.png', 'b/2.png', 'b/3.png', 'b/é.png'])
    const csv = 'file,text\nb\\1.png,PATH\n2,STEM\n3.PNG,CASE\n1.png,WHICH\nnone.png,NOBODY\ne\u0301.png,ACCENT\n'
    const { labels } = await importWithLabels(db, root, csv)
    expect(labelsOf(db).map(([file, label]) => [file, label])).toEqual([
      ['a/1.png', null],
      ['b/1.png', 'PATH'],
      ['b/2.png', 'STEM'],
      ['b/3.png', 'CASE'],
      ['b/é.png', 'ACCENT']
    ])
    expect([labels.matched, labels.rowsWithoutFile, labels.filesWithoutRow]).toEqual([4, ['none.png'], ['a/1.png']])
    expect(labels.problems).toEqual([expect.stringMatching(/^Line 5: several files are called 1\.png/)])
    expect(db.prepare('SELECT count(*) FROM labels').pluck().get()).toBe(6)
  })

  test('names are those of the folder given, also where it lies in one that was imported before', async () => {
    const { root, db } = await scans(['x/a/1.png', 'x/b/1.png', 'y/a/1.png'])
    await importInto(db, [root])
    const path = join(folder(), 'elsewhere.csv')
    writeFileSync(path, 'file,text\na/1.png,A\nb/1.png,B\n')
    const { chosen } = await inspectLabels({ path, paths: [join(root, 'x')] })
    const { labels } = await importInto(db, [join(root, 'x')], chosen)
    expect([labels.matched, labels.filesWithoutRow]).toEqual([2, []])
    expect(labelsOf(db).map(([, label]) => label)).toEqual(['A', 'B', null])
  })

  test('of a name that comes twice the first row counts, and both lines are told', async () => {
    const { root, db } = await scans(['1.png', '2.png'])
    const { labels } = await importWithLabels(db, root, 'file,text\n1.png,A\n2.png,B\n1.png,A\n2.png,C\n')
    expect(labelsOf(db).map(([, label]) => label)).toEqual(['A', 'B'])
    expect([labels.duplicates, labels.problems]).toEqual([2, [expect.stringMatching(/^Line 5: 2\.png .*line 3/)]])
  })

  test('ragged rows, broken quotes, zero bytes and huge cells cost their row, not the others', async () => {
    const { root, db } = await scans(['1.png', '2.png', '3.png', '4.png', '5.png', '6.png'])
    const rows = [
      '1.png',
      '2.png,A,B',
      '3.png,"OPEN',
      `4.png,${'X'.repeat(1_000_000)}`,
      '5.png,N\0L',
      '6.png,LAST',
      ',NOFILE'
    ]
    const { labels } = await importWithLabels(db, root, `file,text\n${rows.join('\n')}\n`)
    expect(labelsOf(db).filter(([, label]) => label !== null)).toEqual([['6.png', 'LAST', 'text']])
    const lines = labels.problems.map((problem) => problem.match(/^Line (\d+): (.*)/)!.slice(1, 3))
    expect(lines.map(([line]) => Number(line)).sort()).toEqual([2, 3, 4, 5, 6, 8])
    expect(labels.problems.join('\n')).toMatch(/1,000,000 characters; the limit is 2,000/)
    expect(labels.problems.every((problem) => problem.length < 300)).toBe(true)
  })

  test('a label that changes is taken over, a decision stays, no row is stored twice', async () => {
    const { root, db } = await scans(['1.png', '2.png'])
    await importWithLabels(db, root, 'file,text\n1.png,A\n2.png,B\n')
    const id = db.prepare('SELECT id FROM fields ORDER BY position').pluck().get() as number
    decide(db, { ids: [id], kind: 'corrected', text: 'MINE', reviewer: 'R' })
    await importWithLabels(db, root, 'file,text\n1.png,A\n2.png,B\n')
    expect(db.prepare('SELECT count(*) FROM labels').pluck().get()).toBe(2)
    await importWithLabels(db, root, 'file,text\n1.png,CHANGED\n2.png,B\n')
    expect(db.prepare('SELECT imported, text, status FROM fields ORDER BY position').all()).toEqual([
      { imported: 'CHANGED', text: 'MINE', status: 'corrected' },
      { imported: 'B', text: 'B', status: 'undecided' }
    ])
  })

  test('a labels file that is missing, empty or of an unknown encoding is refused by name', async () => {
    const root = folder()
    const path = join(root, 'labels.csv')
    await expect(inspectLabels({ path, paths: [root] })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(path)
    })
    writeFileSync(path, '\n\n')
    await expect(inspectLabels({ path, paths: [root] })).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(inspectLabels({ path, paths: [root], encoding: 'klingon' })).rejects.toThrow(/klingon/)
    mkdirSync(join(root, 'dir.csv'))
    await expect(inspectLabels({ path: join(root, 'dir.csv'), paths: [root] })).rejects.toThrow(/folder/)
  })
})

describe('tables', () => {
  test('rows keep the number of their first line', async () => {
    const { rows } = await parseTable('a,b\r\n\r\nc,"d\r\ne"\r\nf,g', ',')
    expect(rows.map(({ line, cells }) => [line, ...cells])).toEqual([
      [1, 'a', 'b'],
      [3, 'c', 'd\r\ne'],
      [5, 'f', 'g']
    ])
  })

  test('a quote within a cell is a character', async () => {
    expect((await parseTable('a,JEAN "JO" B\nb,C\n', ',')).rows.map(({ cells }) => cells)).toEqual([
      ['a', 'JEAN "JO" B'],
      ['b', 'C']
    ])
  })

  test('a file full of broken quotes ends, with all lines told of', async () => {
    const text = Array.from({ length: 400 }, (_, index) => `${index}.png,"NAME`).join('\n')
    const { rows, problems } = await parseTable(text, ',')
    expect(rows.length + problems.filter((problem) => problem.startsWith('Line')).length).toBe(400)
  })

  test('delimiters', async () => {
    expect(await detectDelimiter('a;b\n1,5;x\n2,5;y\n')).toBe(';')
    expect(await detectDelimiter('a\tb\n1,5\tx\n')).toBe('\t')
    expect(await detectDelimiter('"a;b",c\n"d",e\n')).toBe(',')
  })
})

describe('names that are not the paths of files', () => {
  /** What each row of the table labels, and the rows without a file. `rootName`: of the imported folder. */
  async function attached(files: string[], rows: string[], { rootName = 'scans', within = '' } = {}) {
    const root = join(folder(), rootName)
    await writePictures(root, files)
    const db = newProject()
    const path = join(folder(), 'labels.csv')
    writeFileSync(path, `FILENAME,IDENTITY\n${rows.map((name, index) => `"${name}",LABEL ${index}`).join('\n')}\n`)
    const given = [join(root, within)]
    const { chosen, matched } = await inspectLabels({ path, paths: given })
    const { labels } = await importInto(db, given, chosen)
    expect(labels.matched).toBe(matched)
    const found = Object.fromEntries(
      fieldsOf(db).flatMap(({ file, imported }) => (imported ? [[file, rows[Number(imported.slice(6))]]] : []))
    )
    return { found, without: labels.rowsWithoutFile, problems: labels.problems }
  }

  test('a row for a file that is not here labels no other of its name', async () => {
    const { found, without } = await attached(
      ['b1/1.png', 'b1/2.png', 'b2/1.png'],
      ['b1/1.png', 'b2/1.png', 'b2/2.png']
    )
    expect(found).toEqual({ 'b1/1.png': 'b1/1.png', 'b2/1.png': 'b2/1.png' })
    expect(without).toEqual(['b2/2.png'])
  })

  test('a table of all batches with one of them: the others have no file, whatever comes first', async () => {
    const rows = ['b2/1.png', 'b2/2.png', 'b1/1.png']
    const { found, without } = await attached(['b1/1.png', 'b1/2.png', 'b2/9.png'], rows, { within: 'b1' })
    expect(found).toEqual({ '1.png': 'b1/1.png' })
    expect(without).toEqual(['b2/1.png', 'b2/2.png'])
    const beside = await attached(['1.png', '2.png'], ['1.png', 'b2/2.png'])
    expect([beside.found, beside.without]).toEqual([{ '1.png': '1.png' }, ['b2/2.png']])
  })

  test('a batch of which the table names files that are not here takes none of another batch', async () => {
    const rows = ['lot2/1.png', 'lot1/9.png']
    const { found, without } = await attached(['lot1/1.png', 'lot1/2.png'], rows, { within: 'lot1' })
    expect([found, without]).toEqual([{}, rows])
    // As long as nothing speaks against it, a folder that is called otherwise now is meant.
    const renamed = await attached(['1.png', '2.png'], ['lot2/1.png', 'lot2/2.png'])
    expect(renamed.found).toEqual({ '1.png': 'lot2/1.png', '2.png': 'lot2/2.png' })
  })

  test('paths of another machine are matched by their ends, in every way such paths are written', async () => {
    const rows = ['C:\\Users\\op\\lot\\b1\\1.png', 'C:\\Users\\op\\lot\\b2\\1.png', 'C:\\Users\\op\\lot\\1.png']
    const files = ['b1/1.png', 'b2/1.png', '1.png']
    const whole = { 'b1/1.png': rows[0], 'b2/1.png': rows[1], '1.png': rows[2] }
    expect((await attached(files, rows)).found).toEqual(whole)
    const others = ['\\\\nas\\share\\a b\\1.png', '/mnt/old/a b/2.png', 'file:///D:/old/a%20b/3.PNG']
    expect((await attached(['a b/1.png', 'a b/2.png', 'a b/3.png'], others)).found).toEqual({
      'a b/1.png': others[0],
      'a b/2.png': others[1],
      'a b/3.png': others[2]
    })
  })

  test('of two paths of another machine for one file none is taken, but the one that names its folder', async () => {
    const rows = ['C:\\lot\\b1\\1.png', 'C:\\lot\\b2\\1.png', 'C:\\lot\\b2\\2.png']
    const renamed = await attached(['1.png', '9.png'], rows, { rootName: 'x' })
    expect([renamed.found, renamed.without]).toEqual([{}, rows])
    const named = await attached(['1.png', '2.png'], rows, { rootName: 'b1' })
    expect([named.found, named.without]).toEqual([{ '1.png': rows[0] }, rows.slice(1)])
  })

  test('an exact name counts before a near one, wherever the rows stand', async () => {
    const { found, without } = await attached(['1.png', '2.PNG'], ['1.PNG', '1', '1.png', '2.png'])
    expect(found).toEqual({ '1.png': '1.png', '2.PNG': '2.png' })
    expect(without).toEqual(['1.PNG', '1'])
  })

  test('another extension is another file, unless all of the table speaks of another format', async () => {
    const mixed = await attached(['1.png', '2.png'], ['1.png', '2.tif'])
    expect([mixed.found, mixed.without]).toEqual([{ '1.png': '1.png' }, ['2.tif']])
    const masters = await attached(['1.png', '2.png'], ['1.tif', '2.tif'])
    expect(masters.found).toEqual({ '1.png': '1.tif', '2.png': '2.tif' })
  })

  test('many files of one name in many folders are found by their folders', async () => {
    const files = Array.from({ length: 300 }, (_, index) => `${index}/page.png`)
    const { found } = await attached(files, files.map((file) => `D:/archive/${file}`).reverse())
    expect(Object.keys(found)).toHaveLength(300)
    expect(Object.entries(found).every(([file, row]) => row === `D:/archive/${file}`)).toBe(true)
  })
})
