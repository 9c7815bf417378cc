import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { join } from 'node:path'
import { mkdirSync, writeFileSync } from 'node:fs'
import sharp from 'sharp'
import { differenceHash } from '../../src/reading/images/shown'
import { findSuspects, listSuspects, suspectsState } from '../../src/core/quality'
import { distance } from '../../src/core/quality/twins'
import { align, inCharset } from '../../src/core/quality/text'
import { editDistance } from '../../src/shared/edits'
import { decide, queueIds } from '../../src/core/review'
import { writeBars } from '../fixtures/bars'
import { createCommandLine, type CommandLine } from '../fixtures/cli'
import { folder } from '../fixtures/scans'
import { project, type TestField } from '../fixtures/small-project'

const right: TestField[] = Array.from({ length: 30 }, (_, index) => {
  const name = ['ANNA LEE', 'BORIS HOLM', 'ELIF COSTA'][index % 3]!
  return { imported: name, reading: name, confidence: 0.97 }
})
const all = { from: 0, limit: 1000, undecided: false, minProbability: 0 }

async function judged(...odd: TestField[]) {
  const db = project([...odd, ...right])
  await findSuspects(db)
  const { suspects } = listSuspects(db, all)
  const first = suspects.find(({ id }) => id === 1)!
  return { db, suspects, first, kinds: first.evidence.map(({ kind }) => kind) }
}

test('fields that the reader was trained on are not judged, and are counted', async () => {
  const db = project([{ imported: 'DORIS HOLM', reading: 'BORIS HOLM', confidence: 0.98 }, ...right])
  const hashes = db.prepare<[], string>('SELECT sha256 FROM images WHERE id IN (1, 2)').pluck().all()
  db.prepare(`UPDATE models SET manifest = json_set(manifest, '$.trainedOn', json(?))`).run(
    JSON.stringify({ images: [hashes[0]], read: [hashes[1]] })
  )
  expect(await findSuspects(db)).toMatchObject({ judged: right.length - 1, leftOut: 2 })
  expect(suspectsState(db).leftOut).toBe(2)
  expect(listSuspects(db, all).suspects.map(({ id }) => id)).not.toContain(1)
})

describe('a label', () => {
  test('that a sure reading contradicts comes before all others', async () => {
    const { suspects, first, kinds } = await judged({ imported: 'DORIS HOLM', reading: 'BORIS HOLM', confidence: 0.98 })
    expect(suspects[0]!.id).toBe(1)
    expect(first.probability).toBeGreaterThan(0.8)
    expect(kinds).toEqual(expect.arrayContaining(['edits', 'common-reading']))
    expect(suspects.at(-1)!.probability).toBeLessThan(0.02)
  })

  test('that an unsure reading contradicts in one of its alternatives is less suspect', async () => {
    const sure = await judged({ imported: 'GRETA', reading: 'CRETA', confidence: 0.97 })
    const unsure = await judged({ imported: 'GRETA', reading: 'CRETA', confidence: 0.4 })
    expect(unsure.first.probability).toBeLessThan(sure.first.probability)
  })

  test.each([
    ['blank', 'readable'],
    ['illegible', 'readable']
  ] as const)('%s, and yet readable', async (importedState, kind) => {
    const { first, kinds } = await judged({ imported: '', importedState, reading: 'ANNA LEE', confidence: 0.98 })
    expect(kinds).toContain(kind)
    expect(first.probability).toBeGreaterThan(0.8)
  })

  test('of a crop where nothing was read', async () => {
    const { kinds } = await judged({ imported: 'ANNA', reading: '', confidence: 0.95 })
    expect(kinds).toContain('unread')
  })

  test.each([
    ['ANNA  LEE', 'white-space'],
    ['Anna Lee', 'mixed-case'],
    ['ANNA L33', 'odd-characters']
  ])('with a formal fault: %s', async (imported, kind) => {
    const { kinds } = await judged({ imported, reading: 'ANNA LEE', confidence: 0.9 })
    expect(kinds).toContain(kind)
  })

  test('that identical pixels contradict', async () => {
    const twin = { sha256: 'a'.repeat(64), reading: 'ANNA LEE', confidence: 0.9 }
    const { db, suspects, kinds } = await judged({ ...twin, imported: 'ANNE LEE' }, { ...twin, imported: 'ANNA LEE' })
    expect(kinds).toContain('twin')
    expect(suspects.find(({ id }) => id === 2)!.evidence).toContainEqual(
      expect.objectContaining({ kind: 'twin', text: 'ANNE LEE', fields: [1] })
    )
    expect(suspects[0]!.id).toBe(1)
    db.close()
  })
})

describe('the search', () => {
  test('is a queue, worst first, and narrowed like one', async () => {
    const { db, suspects } = await judged(
      { imported: 'CARLO', reading: 'GRETA', confidence: 0.98 },
      { imported: 'MARTA', reading: 'MARIA', confidence: 0.6 }
    )
    const wanted = suspects.filter(({ probability }) => probability >= 0.05).map(({ id }) => id)
    expect(wanted.length).toBeGreaterThan(1)
    expect(queueIds(db, { filter: { suspect: 0.05 }, order: 'file' })).toEqual(wanted)
    for (const minProbability of [0, 0.05, ...suspects.map(({ probability }) => probability), 1])
      expect(listSuspects(db, { ...all, minProbability }).total).toBe(
        suspects.filter(({ probability }) => probability >= minProbability).length
      )
    decide(db, { ids: [1], kind: 'corrected', text: 'GRETA', reviewer: 'Ada' })
    expect(queueIds(db, { filter: { suspect: 0.05, status: 'undecided' }, order: 'file' })).not.toContain(1)
    expect(listSuspects(db, { ...all, undecided: true }).total).toBe(suspects.length - 1)
    expect(suspectsState(db)).toMatchObject({ stale: false, judged: 32, labelled: 32 })
  })

  test('is stale after another label came', async () => {
    const { db } = await judged({ imported: 'ANNA', reading: 'ANNA' })
    db.prepare(`UPDATE fields SET imported = NULL, imported_state = NULL WHERE id = 1`).run()
    expect(suspectsState(db).stale).toBe(true)
  })

  test('without labels or readings says so', async () => {
    await expect(findSuspects(project([{ reading: 'ANNA' }]))).rejects.toThrow(/no field has an imported label/i)
    await expect(findSuspects(project([{ imported: 'ANNA' }]))).rejects.toThrow(/has a reading/)
    expect(suspectsState(project([]))).toMatchObject({ foundAt: null, judged: 0 })
  })
})

describe('texts', () => {
  test('are aligned with the fewest edits', () => {
    expect(align('ANNA', 'ANA').map(({ written, read }) => `${written}>${read}`)).toHaveLength(4)
    expect([editDistance('', 'AB'), editDistance('HOLM', 'HELM'), editDistance('A', 'A')]).toEqual([2, 1, 0])
  })
  test("are written in a model's characters", () => {
    expect(inCharset(' Chloé  d’Or9', new Set("CHLOED'R "))).toBe("CHLOE D'OR")
  })
})

test('crops saved again smaller are near, others are not', async () => {
  const drawn = async (seed: number): Promise<Buffer> => {
    const bars = Array.from({ length: 9 }, (_, bar) => {
      const x = 10 + ((bar * 37 + seed * 53 * (bar + 1)) % 280)
      return `<rect x="${x}" y="8" width="${4 + ((bar * seed) % 9)}" height="40" fill="#222"/>`
    })
    return sharp(
      Buffer.from(`<svg width="320" height="56"><rect width="320" height="56" fill="#fff"/>${bars.join('')}</svg>`)
    )
      .png()
      .toBuffer()
  }
  const likeness = async (name: string, bytes: Buffer): Promise<bigint> => {
    const path = join(folder(), name)
    writeFileSync(path, bytes)
    return BigInt(`0x${await differenceHash({ path, page: 1, rotation: 0 })}`)
  }
  const one = await drawn(1)
  const again = await sharp(one).resize({ height: 40 }).jpeg({ quality: 70 }).toBuffer()
  const first = await likeness('one.png', one)
  expect(distance(first, await likeness('again.jpg', again))).toBeLessThan(0.25)
  expect(distance(first, await likeness('other.png', await drawn(4)))).toBeGreaterThan(0.4)
})

describe('nomina suspects', () => {
  let line: CommandLine
  const inWork = (name: string): string => join(line.folder, name)
  beforeAll(async () => {
    line = await createCommandLine()
    mkdirSync(inWork('scans'))
    for (const name of ['ABC', 'BCA', 'CAB']) await writeBars(join(inWork('scans'), `${name}.png`), name)
    writeFileSync(inWork('labels.csv'), 'file,text\nABC.png,ABC\nBCA.png,BCA\nCAB.png,AAAA\n')
    await line.run('import', inWork('p'), inWork('scans'), '--labels', inWork('labels.csv'))
  })
  afterAll(() => line.remove())

  test('without readings ends with 1 and says so', async () => {
    const { code, json } = await line.run('suspects', inWork('p'), '--json')
    expect(code).toBe(1)
    expect(json()).toMatchObject({ error: { code: 'not-found', message: expect.stringContaining('has a reading') } })
  })

  test('lists every labelled field, worst first', async () => {
    await line.run('recognise', inWork('p'))
    const { code, json, stderr } = await line.run('suspects', inWork('p'), '--json')
    expect(code, stderr).toBe(0)
    const listed = json<{ file: string; label: string; reading: string; probability: number }[]>()
    expect(listed).toHaveLength(3)
    expect(listed[0]).toEqual({ file: 'CAB.png', label: 'AAAA', reading: 'CAB', probability: expect.any(Number) })
    expect(listed[0]!.probability).toBeGreaterThan(listed[1]!.probability)
    writeFileSync(join(inWork('scans'), 'bad.png'), 'no image')
    writeFileSync(inWork('labels.csv'), 'file,text\nABC.png,ABC\nBCA.png,BCA\nCAB.png,AAAA\nbad.png,BBB\n')
    await line.run('import', inWork('p'), inWork('scans'), '--labels', inWork('labels.csv'))
    const unread = await line.run('suspects', inWork('p'), '--json')
    expect(unread.stderr).toMatch(/1 field with a label and no reading/)
    expect(unread.json<object[]>()).toContainEqual(
      expect.objectContaining({ file: 'bad.png', label: 'BBB', reading: null })
    )
    const table = await line.run('suspects', inWork('p'))
    expect(table.stdout).toMatch(/CAB\.png +AAAA +CAB/)
  })
})
