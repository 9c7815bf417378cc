/** Every kind of decision, all the way: said, accepted again, said by a second person, exported, imported. A new kind comes by itself. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { parse } from 'csv-parse/sync'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { previewExport, writeExport } from '../../src/core/export'
import { importPaths, inspectLabels } from '../../src/core/ingest'
import { insertRun } from '../../src/core/store/jobs'
import { decide, decideFromTable, readRow, readRows, undo } from '../../src/core/review'
import { adjudicate, closeRound, differences, keyAgain, report, startRound } from '../../src/core/reviewers'
import { closeStore, openStore, readCounts, type Database } from '../../src/core/store'
import type { ExportFormat } from '../../src/shared/export-formats'
import {
  decisionKinds,
  inWords,
  isWordState,
  labelOfKind,
  markOf,
  traitsOf,
  type DecisionKind
} from '../../src/shared/states'
import { temporaryFolder } from '../fixtures/small-project'
import { plainExport } from '../fixtures/plain-export'

const imported = 'ANNA'
const [reviewer, second, third] = ['Ada', 'Ben', 'Kim']
const fileOf = (kind: DecisionKind): string => `${kind}.png`
const textOf = (kind: DecisionKind): string | null =>
  labelOfKind(kind) === 'text' ? (kind === 'corrected' ? 'BERTA' : imported) : null

async function scansOfKinds(): Promise<string> {
  const scans = join(temporaryFolder(), 'scans')
  mkdirSync(scans)
  for (const [index, kind] of decisionKinds.entries()) {
    const background = { r: 255, g: 255, b: index + 1 }
    const image = sharp({ create: { width: 20, height: 10, channels: 3, background } })
    writeFileSync(join(scans, fileOf(kind)), await image.png().toBuffer())
  }
  return scans
}

/** A project of them with these labels. */
async function projectOf(scans: string, csv: string): Promise<Database> {
  const db = openStore(join(temporaryFolder(), 'project'), { create: true })
  onTestFinished(() => closeStore(db))
  const { chosen } = await inspectLabels({ path: csv, paths: [scans] })
  const run = {
    id: insertRun(db, 'import', {}),
    signal: new AbortController().signal,
    whenNotPaused: () => Promise.resolve(),
    report: () => {}
  }
  await importPaths(db, { paths: [scans], labels: chosen }, run, {})
  return db
}

async function decidedProject(): Promise<{ scans: string; db: Database; idOf(kind: DecisionKind): number }> {
  const scans = await scansOfKinds()
  const csv = join(scans, '..', 'labels.csv')
  writeFileSync(csv, stringify([['FILENAME', 'IDENTITY'], ...decisionKinds.map((kind) => [fileOf(kind), imported])]))
  const db = await projectOf(scans, csv)
  const idOf = (kind: DecisionKind): number => idsByFile(db).get(fileOf(kind))!
  for (const kind of decisionKinds) decide(db, { ids: [idOf(kind)], kind, text: textOf(kind) ?? undefined, reviewer })
  return { scans, db, idOf }
}

const idsByFile = (db: Database): Map<string, number> =>
  new Map(
    readRows(
      db,
      decisionKinds.map((_, index) => index + 1)
    ).map(({ id, file }) => [file, id])
  )

async function exported(db: Database, format: ExportFormat): Promise<{ path: string; left: string[] }> {
  const options = {
    out: join(temporaryFolder(), 'set'),
    format,
    rows: 'decided',
    ...plainExport,
    overwrite: false
  } as const
  const { omitted } = await previewExport(db, options)
  const { files } = await writeExport(db, options)
  return { path: files[0]!, left: omitted.map(({ reason }) => reason) }
}

test('is what the field then says, also where it is accepted again, and is taken back by an undo', async () => {
  const { db, idOf } = await decidedProject()
  for (const kind of decisionKinds) {
    expect(readRow(db, idOf(kind)), kind).toMatchObject({ status: kind, text: textOf(kind) })
    expect(readCounts(db)[kind], kind).toBe(1)
    const accept = (): unknown => decide(db, { ids: [idOf(kind)], kind: 'accepted', reviewer })
    if (labelOfKind(kind) === null) {
      expect(accept, kind).toThrow('no text to accept')
      continue
    }
    accept()
    const again = readRow(db, idOf(kind))
    expect(again.text, kind).toBe(textOf(kind))
    // A text that is accepted is accepted; a word stays what it is.
    expect(again.status, kind).toBe(labelOfKind(kind) === 'text' ? 'accepted' : kind)
  }
  const before = readCounts(db).undecided
  decide(db, { ids: [idOf('corrected')], kind: decisionKinds.at(-1)!, reviewer })
  undo(db, reviewer)
  expect([readRow(db, idOf('corrected')).text, readCounts(db).undecided]).toEqual(['BERTA', before])
})

test('is what a second person may say of a field that has a label, and what settles a difference', async () => {
  const { db, idOf } = await decidedProject()
  const labelled = decisionKinds.filter((kind) => labelOfKind(kind) !== null)
  const { id: round, fields } = startRound(db, { name: '', share: 1, seed: 1 }, reviewer)
  expect(fields).toBe(labelled.length)
  for (const kind of labelled) {
    const said = { kind: labelOfKind(kind)!, text: textOf(kind) ?? undefined }
    expect(keyAgain(db, { round, id: idOf(kind), ...said }, second), kind).toMatchObject({ agreed: true })
  }
  expect(report(db, round).agreement).toMatchObject({ count: labelled.length, of: labelled.length })
  let latest = round
  for (const kind of labelled.filter((of) => isWordState(labelOfKind(of)))) {
    const settled = labelOfKind(kind)!
    closeRound(db, latest)
    const other = startRound(db, { name: '', share: 1, seed: 2, corrected: true }, reviewer).id
    keyAgain(db, { round: other, id: idOf('corrected'), kind: settled }, second)
    const [difference] = differences(db, { round: other }).differences
    adjudicate(db, { keyId: difference!.keyId, kind: settled }, third)
    expect(readRow(db, idOf('corrected')), kind).toMatchObject({ status: kind, text: null })
    latest = other
    decide(db, { ids: [idOf('corrected')], kind: 'corrected', text: 'BERTA', reviewer })
  }
})

test('is written as its mark, and taken from that as the same label; without a label it is left out with its reason', async () => {
  const { scans, db } = await decidedProject()
  const { path, left } = await exported(db, 'training')
  const cells = new Map(parse(readFileSync(path, 'utf8'), { from: 2 }).map(([file, text]) => [file!, text!]))
  for (const kind of decisionKinds) {
    const label = labelOfKind(kind)
    const cell = isWordState(label) ? markOf(label) : (textOf(kind) ?? undefined)
    expect(cells.get(fileOf(kind)), kind).toBe(cell)
    if (isWordState(label)) expect(inWords(label)).toMatch(/\w/)
  }
  expect(left.length > 0).toBe(decisionKinds.some((kind) => traitsOf(kind).label === 'none'))
  const again = await projectOf(scans, path)
  const ids = idsByFile(again)
  for (const kind of decisionKinds.filter((of) => labelOfKind(of) !== null)) {
    const id = ids.get(fileOf(kind))!
    expect(readRow(again, id), kind).toMatchObject({ status: 'undecided', importedState: labelOfKind(kind) })
    decide(again, { ids: [id], kind: 'accepted', reviewer })
    expect(readRow(again, id), kind).toMatchObject({
      status: textOf(kind) === null ? kind : 'accepted',
      text: textOf(kind)
    })
  }
})

test('is written as a row of decisions that another project takes', async () => {
  const { scans, db } = await decidedProject()
  const { path } = await exported(db, 'decisions')
  const plain = join(scans, '..', 'labels.csv')
  const other = await projectOf(scans, plain)
  const outcomes = []
  for await (const outcome of decideFromTable(other, path, { reviewer })) outcomes.push(outcome)
  expect(outcomes.filter(({ outcome }) => outcome === 'refused')).toEqual([])
  const ids = idsByFile(other)
  for (const kind of decisionKinds.filter((of) => labelOfKind(of) !== null))
    expect(readRow(other, ids.get(fileOf(kind))!), kind).toMatchObject({ status: kind, text: textOf(kind) })
})
