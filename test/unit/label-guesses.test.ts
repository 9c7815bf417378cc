import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { inspectLabels } from '../../src/core/ingest'
import { guessEncoding } from '../../src/core/ingest/labels/encodings'
import { decide } from '../../src/core/review'
import { fieldsOf, folder, importInto, importWithLabels, newProject, writePictures } from '../fixtures/scans'

const labelsOf = (db: Parameters<typeof fieldsOf>[0]) => fieldsOf(db).map(({ file, imported }) => [file, imported])

async function scans(names: string[]) {
  const root = folder()
  await writePictures(root, names)
  return { root, db: newProject() }
}

describe('guesses of a table', () => {
  const names = {
    cp850: ['Hélène', 'RENÉ', 'JÉRÔME'],
    macroman: ['Hélène', 'RENÉ', 'JÉRÔME'],
    'windows-1250': ['DVOŘÁK', 'ŁUKASZ', 'JIŘÍ'],
    'windows-1252': ['Hélène', 'RENÉ', 'JÉRÔME', 'MUÑOZ', 'MÜLLER', 'JOÃO', 'D’ARC'],
    cp852: ['DVOŘÁK', 'WAŁĘSA', 'JIŘÍ']
  }
  test.each(Object.entries(names))('%s is told from the others by its words', async (encoding, words) => {
    const { root, db } = await scans(words.map((_, index) => `${index}.png`))
    const table = words.map((word, index) => `${index}.png;${word}`).join('\r\n')
    await importWithLabels(db, root, iconv.encode(`FILENAME;IDENTITY\r\n${table}\r\n`, encoding))
    expect(labelsOf(db).map(([, label]) => label)).toEqual(words)
  })

  test('where two encodings give names, and where none does, a person is asked', async () => {
    expect(guessEncoding(iconv.encode('1.png;ŘEHOŘ', 'windows-1250')).doubt).toMatchObject({ because: 'close' })
    expect(guessEncoding(Buffer.from('1.png;\x81\x8d\x8fA\x90\x9d', 'latin1')).doubt).not.toBeNull()
    const { root } = await scans(['1.png'])
    const path = join(root, 'labels.csv')
    writeFileSync(path, iconv.encode('FILENAME;IDENTITY\n1.png;ŘEHOŘ\n', 'windows-1250'))
    const { doubts } = await inspectLabels({ path, paths: [root] })
    expect(doubts.encoding).toMatch(/windows-1250.*Say which/)
    expect((await inspectLabels({ path, paths: [root], encoding: 'windows-1250' })).doubts.encoding).toBeNull()
  })

  test('a row in another encoding than the others is left out and told of', async () => {
    const { root, db } = await scans(['1.png', '2.png', '3.png'])
    const bytes = Buffer.concat([
      iconv.encode('FILENAME;IDENTITY\n1.png;RENÉ\n2.png;ÉLODIE\n', 'windows-1252'),
      Buffer.from('3.png;ZOÉ\n')
    ])
    const { labels } = await importWithLabels(db, root, bytes)
    expect(labelsOf(db).map(([, label]) => label)).toEqual(['RENÉ', 'ÉLODIE', null])
    expect(labels.problems).toEqual([expect.stringMatching(/^Line 4: .*UTF-8 that was taken for Windows-1252/)])
  })

  test('XML escapes are the characters that they mean, and that is told in one line', async () => {
    const { root, db } = await scans(['1.png', '2.png', '3.png', '4.png'])
    const cells = ['SMITH &amp; SON', 'O&#39;NEIL &#x26; &amp;lt;', 'A & B &para; &#0; &#9999999;', '&#69;MPTY']
    const table = cells.map((cell, index) => `${index + 1}.png,${cell}`).join('\n')
    const { labels } = await importWithLabels(db, root, Buffer.from(`FILENAME,IDENTITY\n${table}\n`))
    const meant = ['SMITH & SON', "O'NEIL & &lt;", 'A & B &para; &#0; &#9999999;']
    expect(
      labelsOf(db)
        .map(([, label]) => label)
        .slice(0, 3)
    ).toEqual(meant)
    expect(labels.blank).toBe(1)
    expect(labels.rows).toBe(4)
    expect(labels.problems).toEqual([expect.stringMatching(/^Line 2 and 2 more: .*“SMITH & SON”\.$/)])
  })

  test('the column that says most clearly that it holds texts is taken; of two alike a person is asked', async () => {
    const { root } = await scans(['1.png', '2.png'])
    const path = join(root, 'labels.csv')
    const look = async (header: string, ...rows: string[]) => {
      writeFileSync(path, `${header}\n${rows.map((row, index) => `${index + 1}.png,${row}`).join('\n')}\n`)
      const { chosen, doubts } = await inspectLabels({ path, paths: [root] })
      return [chosen.textColumn, doubts.column]
    }
    expect(await look('FILENAME,NAME,LABEL,TRANSCRIPTION', 'batch7,surname,A', 'batch7,surname,B')).toEqual([
      'TRANSCRIPTION',
      null
    ])
    expect(await look('FILENAME,LABEL,WRITING', 'surname,AVRIL', 'surname,MAI')).toEqual(['WRITING', null])
    expect(await look('FILENAME,IDENTITY,CHECKED', 'A,B', 'C,D')).toEqual(['IDENTITY', null])
    expect((await look('FILENAME,NOM,PRENOM', 'AVRIL,ANNE', 'MAI,ZOE'))[1]).toMatch(/NOM \(AVRIL, MAI\), PRENOM/)
    expect((await look('FILENAME,A,B', 'AVRIL,ANNE', 'MAI,ZOE'))[1]).toMatch(/Say which/)
    const chosen = await inspectLabels({ path, paths: [root], textColumn: 'B' })
    expect([chosen.chosen.textColumn, chosen.doubts.column]).toEqual(['B', null])
  })

  test.each([
    ['a line for Excel', 'sep=;\r\nFILENAME;IDENTITY;NOTE\r\n1.png;A;x\r\n', 3],
    ['a line for Excel and commas in texts', '"sep=;"\r\n1.png;A, B;\r\n2.png;C, D;\r\n', 2],
    ['a title', 'Lot 12\r\n\r\nFILENAME;IDENTITY\r\n1.png;A\r\n', 4],
    ['a title with empty cells beside it', 'Lot 12;;\r\n;;\r\nFILENAME;IDENTITY;NOTE\r\n1.png;A;x\r\n', 4],
    ['lines of two cells', 'Lot;12\r\nDate;2026-01-02\r\nfichier;nom\r\n1.png;A\r\n', 4]
  ])('%s above the header is passed over, and lines keep their numbers', async (_what, csv, line) => {
    const { root, db } = await scans(['1.png', '2.png'])
    const { labels } = await importWithLabels(db, root, csv)
    expect(fieldsOf(db)[0]!.imported).toMatch(/^A/)
    expect(labels.rowsWithoutFile).toEqual([])
    expect(db.prepare("SELECT line FROM labels WHERE name = '1.png'").pluck().get()).toBe(line)
  })

  test('rows that become EMPTY are counted, those of an empty cell named', async () => {
    const { root, db } = await scans(['1.png', '2.png', '3.png', '4.png'])
    const { labels } = await importWithLabels(db, root, 'file,text\n1.png,\n2.png,\u00a0\n3.png,EMPTY\n4.png,A\n')
    expect([labels.blank, labels.emptyCells]).toEqual([3, ['1.png', '2.png']])
  })
})

test('a row that is taken out of the table takes its label with it, but no decision and no other table’s label', async () => {
  const { root, db } = await scans(['1.png', '2.png', '3.png', '4.png'])
  const other = join(root, 'other.csv')
  writeFileSync(other, 'file,text\n4.png,OTHER\n')
  await importInto(db, [root], (await inspectLabels({ path: other, paths: [root] })).chosen)
  await importWithLabels(db, root, 'file,text\n1.png,A\n2.png,B\n3.png,C\n')
  const id = db
    .prepare("SELECT f.id FROM fields f JOIN sources s ON s.id = source_id WHERE path = '2.png'")
    .pluck()
    .get()
  decide(db, { ids: [id as number], kind: 'accepted', reviewer: 'R' })
  const { labels } = await importWithLabels(db, root, 'file,text\n3.png,C\n')
  expect([labels.withdrawn, labels.filesWithoutRow, labels.kept]).toEqual([
    ['1.png', '2.png'],
    ['1.png', '2.png'],
    ['4.png']
  ])
  expect(db.prepare('SELECT imported, text, status FROM fields ORDER BY position').all()).toEqual([
    { imported: null, text: null, status: 'undecided' },
    { imported: null, text: 'B', status: 'accepted' },
    { imported: 'C', text: 'C', status: 'undecided' },
    { imported: 'OTHER', text: 'OTHER', status: 'undecided' }
  ])
  await importWithLabels(db, root, 'file,text\nelse.png,C\n')
  expect(labelsOf(db)[2]![1]).toBe('C')
})
