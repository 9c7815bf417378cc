import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inspectLabels } from '../../src/core/ingest'
import { guessEncoding } from '../../src/core/ingest/labels/encodings'
import { fieldsOf, folder, importInto, importWithLabels, newProject, picture, writePictures } from '../fixtures/scans'

async function scans(names = ['1.png', '2.png', '3.png']) {
  const root = folder()
  await writePictures(root, names)
  return { root, db: newProject() }
}

describe('a labels file that is no table', () => {
  test.each([
    ['a spreadsheet', Buffer.from('PK\x03\x04 and the rest, of\nthe, file', 'latin1'), /spreadsheet .*not a table/],
    ['an old spreadsheet', Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1,\n,', 'latin1'), /old Excel file/],
    ['a PDF', Buffer.from('%PDF-1.7\n1,2\n'), /is a PDF/]
  ])('%s is refused by name', async (_what, bytes, message) => {
    const { root, db } = await scans()
    await expect(importWithLabels(db, root, bytes)).rejects.toMatchObject({ code: 'invalid-input', message })
    await expect(importWithLabels(db, root, bytes)).rejects.toThrow(join(root, 'labels.csv'))
  })

  test('an image is refused by name', async () => {
    const { root, db } = await scans()
    await expect(importWithLabels(db, root, await picture().png().toBuffer())).rejects.toThrow(/PNG image/)
  })

  test('one column is refused before any image is read: names are no texts', async () => {
    const { root, db } = await scans()
    const rows = 'the file\n1.png\n2.png\n'
    await expect(importWithLabels(db, root, rows)).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(/labels\.csv needs a column of file names and another of texts/)
    })
    expect(fieldsOf(db)).toEqual([])
  })
})

describe('a damaged encoding', () => {
  test.each([
    ['cut off in a character', Buffer.from('file,text\n1.png,ÉLODIE\n2.png,ANNA\n3.png,NOË').subarray(0, -1)],
    ['with a mark, and a byte that is no UTF-8', Buffer.from('\ufefffile,text\n1.png,ÉLODIE\n2.png,ANNA\n3.png,?')]
  ])('UTF-8 %s costs the row that is broken, not the accents of the others', async (_how, bytes) => {
    const { root, db } = await scans()
    if (bytes.at(-1) === 0x3f) bytes[bytes.length - 1] = 0xff
    expect(guessEncoding(bytes)).toEqual({ encoding: 'utf-8', doubt: null })
    const { labels } = await importWithLabels(db, root, bytes)
    expect(fieldsOf(db).map(({ imported }) => imported)).toEqual(['ÉLODIE', 'ANNA', null])
    expect(labels.problems).toEqual([expect.stringMatching(/^Line 4: .*not of this encoding/)])
    expect(labels.filesWithoutRow).toEqual(['3.png'])
  })
})

test('a megabyte of text with quotes in it costs its row, and text like markup or a formula is kept as it is', async () => {
  const { root, db } = await scans(['1.png', '2.png', '3.png', '4.png'])
  const markup = '<img src=x onerror=alert(1)>'
  const formula = `=cmd|' /C calc'!A0`
  const cell = `"${'A"" '.repeat(262_144)}"`
  const rows = [`1.png,${cell}`, `2.png,${markup}`, `3.png,${formula}`, '4.png,"two\nlines"']
  const { labels } = await importWithLabels(db, root, `file,text\n${rows.join('\n')}\n`)
  expect(fieldsOf(db).map(({ imported }) => imported)).toEqual([null, markup, formula, 'two\nlines'])
  expect(labels.problems).toEqual([expect.stringMatching(/^Line 2: its text has 786,432 characters/)])
})

test('labels that come again with changes: new, changed and withdrawn ones, and those of another file', async () => {
  const { root, db } = await scans()
  await importWithLabels(db, root, 'file,text\n1.png,ANNA\n2.png,BERTA\n')
  const imported = () =>
    fieldsOf(db).map(({ imported, importedState }) => importedState && `${importedState} ${imported}`)
  await importWithLabels(db, root, 'file,text\n1.png,ANNE\n2.png,UNREADABLE\n3.png,CARLA\nnone.png,NOBODY\n')
  expect(imported()).toEqual(['text ANNE', 'illegible UNREADABLE', 'text CARLA'])
  const path = join(root, 'second.csv')
  writeFileSync(path, 'file;text\n3.png;CLARA\n')
  const { chosen } = await inspectLabels({ path, paths: [root] })
  await importInto(db, [root], chosen)
  expect(imported()).toEqual(['text ANNE', 'illegible UNREADABLE', 'text CLARA'])
})
