import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { writeExport } from '../../src/core/export'
import { importPaths, inspectLabels } from '../../src/core/ingest'
import { insertRun } from '../../src/core/store/jobs'
import { closeStore, openStore } from '../../src/core/store'
import { temporaryFolder } from '../fixtures/small-project'

const labels: [file: string, text: string][] = [
  ['b/10.png', 'Zoë "Zo" 🖋'],
  ['b/9.png', 'two\nlines'],
  ['a, b/1.png', '=1+1'],
  ["it's.png", "O'NEIL"],
  ['blank.png', 'EMPTY'],
  ['illegible.png', 'UNREADABLE'],
  ['twin.png', '<b>bold</b>'],
  ['spaces.png', ' A  B ']
]

/** Imports the scans with a labels file into a new project and exports it again. @returns the bytes */
async function importAndExport(scans: string, csv: string, crops = false): Promise<{ out: string; bytes: Buffer }> {
  const folder = temporaryFolder()
  const db = openStore(join(folder, 'project'), { create: true })
  try {
    const { chosen } = await inspectLabels({ path: csv, paths: [scans] })
    const run = {
      id: insertRun(db, 'import', {}),
      signal: new AbortController().signal,
      whenNotPaused: () => Promise.resolve(),
      report: () => {}
    }
    const report = await importPaths(db, { paths: [scans], labels: chosen }, run, {})
    expect(report.labels).toMatchObject({ matched: labels.length, rowsWithoutFile: [], filesWithoutRow: [] })
    const out = join(folder, 'set')
    await writeExport(db, {
      out,
      format: 'training',
      rows: 'all',
      unreadable: 'mark',
      crops,
      split: null,
      spreadsheetSafe: false,
      overwrite: false
    })
    return { out, bytes: readFileSync(join(out, 'labels.csv')) }
  } finally {
    closeStore(db)
  }
}

test('what is exported can be imported again and is exported the same, with the crops as well', async () => {
  const scans = join(temporaryFolder(), 'scans')
  for (const [index, [file]] of labels.entries()) {
    mkdirSync(dirname(join(scans, file)), { recursive: true })
    const background = { r: 255, g: 255, b: file === 'twin.png' ? 1 : index + 1 }
    const image = sharp({ create: { width: 20, height: 10, channels: 3, background } })
    writeFileSync(join(scans, file), await image.png().toBuffer())
  }
  const csv = join(dirname(scans), 'labels.csv')
  writeFileSync(csv, stringify([['FILENAME', 'IDENTITY'], ...labels]))

  const first = await importAndExport(scans, csv)
  const second = await importAndExport(scans, join(first.out, 'labels.csv'))
  expect(second.bytes.toString()).toBe(first.bytes.toString())
  expect(first.bytes.toString()).toContain('"Zoë ""Zo"" 🖋"')

  const withCrops = await importAndExport(scans, csv, true)
  const fromCrops = await importAndExport(withCrops.out, join(withCrops.out, 'labels.csv'))
  expect(fromCrops.bytes.toString()).toBe(withCrops.bytes.toString())
})
