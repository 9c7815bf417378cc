import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { inspectLabels } from '../../src/core/ingest'
import { detectEncoding } from '../../src/core/ingest/labels/decode'
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
        expect(detectEncoding(bytes)).toBe(encoding)
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
