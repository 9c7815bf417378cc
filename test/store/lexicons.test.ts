import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Input } from '../../src/shared/contract'
import { decode, type Frames } from '../../src/reading/decode'
import { applyLists, complete, importList, inspectList, leaningOf, removeList } from '../../src/core/lexicon'
import type { Manifest, Model } from '../../src/reading/models'
import { geometryOf } from '../../src/reading/preprocess'
import { closeStore, deriveFields, immediate, openStore, setSetting, type Database } from '../../src/core/store'
import { changeLexicon, readLexicons } from '../../src/core/store/lexicons'
import { rememberModel } from '../../src/core/store/models'
import { storeReadings } from '../../src/core/store/readings'
import { barsModel } from '../fixtures/bars'

const charset = [...' ABCDEFGHIJKLMNOPQRSTUVWXYZ']
let folder: string
let db: Database
let model: Model
let modelId: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nomina-lexicons-'))
  db = openStore(join(folder, 'project'), { create: true })
  const bars = await barsModel()
  const manifest: Manifest = { ...bars.manifest, charset, blank: 0, decoder: { beam: 8 } }
  model = { ...bars, manifest, hash: 'a'.repeat(64), languageModel: null }
  modelId = immediate(db, () => rememberModel(db, model))
  setSetting(db, 'currentModel', modelId)
})
afterEach(() => {
  closeStore(db)
  rmSync(folder, { recursive: true, force: true })
})

const list = (content: string | Buffer): string => {
  const path = join(folder, 'list.csv')
  writeFileSync(path, content)
  return path
}
const names = (path: string, count: string | null = 'COUNT'): Input<'lexicon.import'> => ({
  path,
  name: 'Names',
  columns: { kind: 'surname', text: 'NAME', count, fields: null }
})

/** A field for each text on the page, each letter doubtful as said: `[['M', 0.5, 'N', 0.4]]` is M or N. */
function addPage(page: number, fields: Record<string, (string | [string, number, string, number])[]>): number[] {
  db.exec(`INSERT OR IGNORE INTO roots (id, path) VALUES (1, '/scans');
    INSERT OR IGNORE INTO runs (id, kind, status, parameters, pid, heartbeat, started_at) VALUES (1, 'import', 'done', '{}', 1, '', '');
    INSERT INTO sources (id, root_id, path, size, modified_ms, status, run_id, added_at) VALUES (${page}, 1, 'page-${page}.png', 1, 1, 'ok', 1, '')`)
  return Object.entries(fields).map(([name, letters], place) => {
    const id = page * 10 + place
    db.prepare('INSERT INTO images (id, sha256, width, height) VALUES (?, ?, 200, 30)').run(id, `${id}`)
    db.prepare('INSERT INTO fields (id, source_id, page, name, image_id) VALUES (?, ?, 1, ?, ?)').run(
      id,
      page,
      name,
      id
    )
    const decoded = decode(framesOf(letters), model.manifest, geometryOf(200, 30, model.manifest.input))
    immediate(db, () => {
      storeReadings(db, [{ key: id, ok: true, ...decoded, width: 200, height: 30 }], {
        modelId,
        runId: 1,
        provider: 'cpu'
      })
      deriveFields(db, { imageIds: [id] }, modelId)
    })
    return id
  })
}

function framesOf(letters: (string | [string, number, string, number])[]): Frames {
  const classes = charset.length + 1
  const probabilities = new Float64Array(letters.length * 2 * classes).fill(1e-4)
  letters.forEach((letter, at) => {
    const row = probabilities.subarray(at * 2 * classes, (at * 2 + 1) * classes)
    const [one, likely, other, less] = typeof letter === 'string' ? [letter, 0.99, letter, 0.99] : letter
    row[charset.indexOf(other) + 1] = less
    row[charset.indexOf(one) + 1] = likely
    row[0] = Math.max(1e-4, 1 - likely - (one === other ? 0 : less) - 1e-4 * (classes - 3))
    probabilities[(at * 2 + 1) * classes] = 1 - 1e-4 * (classes - 1)
  })
  return { probabilities, count: letters.length * 2, classes }
}

const textOf = (id: number): string =>
  db.prepare<[number], string>('SELECT text FROM fields WHERE id = ?').pluck().get(id)!
const readingOf = (id: number) =>
  db
    .prepare<[number], { text: string; confidence: number; alternatives: string; features: string }>(
      'SELECT text, confidence, alternatives, features FROM readings WHERE image_id = ?'
    )
    .get(id)!

describe('a list that is imported', () => {
  it('keeps different names with their counts, and says what it left out', async () => {
    const path = list('NAME,COUNT\nAda,3\nada ,2\nAda,4\n,9\nGrace,none\nGrace,1\n')
    const looked = await inspectList(db, { path })
    expect(looked).toMatchObject({ columns: ['NAME', 'COUNT'], hasHeader: true, rows: 6 })
    expect(looked.suggested).toMatchObject({ textColumn: 'NAME' })
    const { lexicon, duplicates, empty, problems } = await importList(db, names(path))
    expect(lexicon).toMatchObject({ name: 'Names', kind: 'surname', entries: 3, rows: 4, total: 10, enabled: true })
    expect([duplicates, empty]).toEqual([1, 1])
    expect(problems).toEqual(['Line 6: its count is not a number above 0. The row was left out.'])
  })

  it('is read in its own encoding, with the delimiter it has', async () => {
    const path = list(Buffer.from('Prénom;Nombre\nZoé;4\nChloé;2\n', 'latin1'))
    const looked = await inspectList(db, { path })
    expect(looked).toMatchObject({ encoding: 'windows-1252', delimiter: ';' })
    expect(looked.suggested).toEqual({ kind: 'first-name', textColumn: 'Prénom', countColumn: 'Nombre' })
  })

  it.each([
    [
      'of another encoding',
      Buffer.from('NAME\nZo\xe9\nL\xe9a\n', 'latin1'),
      { encoding: 'utf-8' },
      /does not read as utf-8/
    ],
    ['without the column', 'WORD\nAda\n', {}, /has no column "NAME"\. It has: WORD/],
    ['with an empty column', 'NAME,COUNT\n,1\n,2\n', {}, /has no text in the chosen column/],
    ['of a header alone', 'NAME\n', {}, /header and no other row/],
    ['of nothing', '', {}, /has no rows/]
  ])('is refused %s, and leaves nothing', async (_, content, options, message) => {
    await expect(importList(db, { ...names(list(content), null), ...options, header: true })).rejects.toThrow(message)
    expect(readLexicons(db)).toEqual([])
  })

  it('is gone without a trace when it is removed', async () => {
    const { lexicon } = await importList(db, names(list('NAME\nAda\nGrace\n'), null))
    await removeList(db, lexicon.id)
    expect(readLexicons(db)).toEqual([])
    expect(db.prepare('SELECT count(*) FROM lexicon_entries').pluck().get()).toBe(0)
    await expect(removeList(db, lexicon.id)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('that was cut off is not seen, and is cleared by the next', async () => {
    db.exec("INSERT INTO lexicons (id, name, kind, file, imported_at) VALUES (7, 'Half', 'surname', 'x', '')")
    db.exec("INSERT INTO lexicon_entries (lexicon_id, text, key, count) VALUES (7, 'ADA', 'ada', 1)")
    expect(readLexicons(db)).toEqual([])
    await importList(db, names(list('NAME\nGrace\n'), null))
    expect(db.prepare('SELECT text FROM lexicon_entries').pluck().all()).toEqual(['Grace'])
  })
})

describe('reading with a list', () => {
  const doubtful: [string, number, string, number] = ['N', 0.55, 'M', 0.43]

  it('prefers its names where the image leaves doubt, and gives the model’s own reading back without it', async () => {
    const [id] = addPage(1, { '': ['E', doubtful, 'M', 'A'] })
    const own = readingOf(id!)
    expect(own.text).toBe('ENMA')
    const { lexicon } = await importList(db, names(list('NAME,COUNT\nEmma,40\nAnna,60\n')))
    expect(await applyLists(db, [model])).toEqual({ readings: 1, changed: 1, without: 0 })
    expect(textOf(id!)).toBe('EMMA')
    const alternatives = JSON.parse(readingOf(id!).alternatives) as {
      text: string
      probability: number
      source?: string
    }[]
    expect(alternatives.map(({ text }) => text).slice(0, 2)).toEqual(['EMMA', 'ENMA'])
    expect(alternatives.reduce((sum, { probability }) => sum + probability, 0)).toBeLessThanOrEqual(1 + 1e-9)
    // Again is the same: it starts from what the model read.
    const once = readingOf(id!)
    await applyLists(db, [model])
    expect(readingOf(id!)).toEqual(once)
    immediate(db, () => changeLexicon(db, lexicon.id, { enabled: false }))
    expect(await applyLists(db, [model])).toEqual({ readings: 1, changed: 1, without: 0 })
    expect(readingOf(id!)).toEqual(own)
  })

  it('never forces: a name that is plain to see stays, though the list has another', async () => {
    const [id] = addPage(1, { '': ['E', 'N', 'M', 'A'] })
    await importList(db, names(list('NAME\nEmma\n'), null))
    await applyLists(db, [model])
    expect(textOf(id!)).toBe('ENMA')
  })

  it('suggests a name that the search alone did not find, and says where it is from', async () => {
    const [id] = addPage(1, { '': ['A', ['D', 0.9, 'B', 0.0008], 'A'] })
    await importList(db, names(list('NAME,COUNT\nAba,9000\n')))
    await applyLists(db, [model])
    const alternatives = JSON.parse(readingOf(id!).alternatives) as { text: string; source?: string }[]
    expect(alternatives).toContainEqual(expect.objectContaining({ text: 'ABA', source: 'lexicon' }))
  })

  it('weighs the rows of a roster over all fields of a page', async () => {
    const roster = list('Nom;Prénom\nDURAND;EMMA\nDURANT;ALMA\nMOREL;ENZO\n')
    await importList(db, {
      path: roster,
      name: 'Class',
      columns: {
        kind: 'roster',
        bindings: [
          { column: 'Nom', field: 'nom' },
          { column: 'Prénom', field: 'prenom' }
        ]
      }
    })
    // Alone, the surname would be read DURAND; the first name says which row it is.
    const [nom] = addPage(1, {
      nom: ['D', 'U', 'R', 'A', 'N', ['D', 0.6, 'T', 0.38]],
      prenom: ['A', ['N', 0.6, 'L', 0.38], 'M', 'A']
    })
    await applyLists(db, [model])
    expect([textOf(nom!), textOf(nom! + 1)]).toEqual(['DURANT', 'ALMA'])
    expect(leaningOf(db, nom!)).toEqual({
      roster: { list: 'Class', person: ['DURANT', 'ALMA'], others: 0 },
      own: 'DURAND'
    })
    // The next day it is known as well.
    closeStore(db)
    db = openStore(join(folder, 'project'), { create: false })
    expect(leaningOf(db, nom!)).toMatchObject({ roster: { person: ['DURANT', 'ALMA'] }, own: 'DURAND' })
    // Nobody of the roster: what is plain to see stays.
    const [other] = addPage(2, { nom: [...'PETIT'], prenom: [...'LOUISE'] })
    await applyLists(db, [model])
    expect([textOf(other!), textOf(other! + 1)]).toEqual(['PETIT', 'LOUISE'])
    expect(leaningOf(db, other!)).toEqual({ roster: null, own: null })
  })

  it('changes no decision', async () => {
    const [id] = addPage(1, { '': ['E', doubtful, 'M', 'A'] })
    db.exec(`INSERT INTO actions (id, kind, size, reviewer, at) VALUES (1, 'decide', 1, 'Ada', '');
      INSERT INTO decisions (action_id, field_id, kind, text, origin, reviewer, at) VALUES (1, ${id}, 'accepted', 'ENMA', 'person', 'Ada', '')`)
    immediate(db, () => deriveFields(db, 'all', modelId))
    await importList(db, names(list('NAME\nEmma\n'), null))
    await applyLists(db, [model])
    expect(textOf(id!)).toBe('ENMA')
  })
})

describe('completion while typing', () => {
  it('ranks what begins so by the image and the frequency', async () => {
    const [id] = addPage(1, { '': [...'MARTHE'] })
    await importList(db, names(list('NAME,COUNT\nMartin,500\nMarthe,3\nMarie,900\nAnne,99\n')))
    const found = await complete(db, { id: id!, prefix: 'mar', limit: 3 })
    expect(found.map(({ text }) => text)).toEqual(['MARTHE', 'MARIE', 'MARTIN'])
    expect(found[0]).toMatchObject({ source: 'lexicon', lexicon: 'Names', count: 3 })
    expect(found[0]!.evidence).toBeGreaterThan(found[1]!.evidence! + 5)
    expect(await complete(db, { id: id!, prefix: 'x', limit: 3 })).toEqual([])
  })

  it('knows what was decided in the project, also without a reading', async () => {
    const [id] = addPage(1, { '': [...'ADA'] })
    db.exec(`INSERT INTO actions (id, kind, size, reviewer, at) VALUES (1, 'decide', 1, 'Ada', '');
      INSERT INTO decisions (action_id, field_id, kind, text, origin, reviewer, at) VALUES (1, ${id}, 'corrected', 'Adèle', 'person', 'Ada', '')`)
    immediate(db, () => deriveFields(db, 'all', modelId))
    db.exec("INSERT INTO fields (id, source_id, page, name) VALUES (99, 1, 2, '')")
    const found = await complete(db, { id: 99, prefix: 'a', limit: 5 })
    expect(found).toMatchObject([{ text: 'Adèle', source: 'project', count: 1, evidence: null }])
    await expect(complete(db, { id: 12345, prefix: 'a', limit: 5 })).rejects.toMatchObject({ code: 'not-found' })
  })
})

it('finds the counts of a public list of first names, and asks where no column says that it holds them', async () => {
  const insee = await inspectList(db, {
    path: list('sexe;preusuel;annais;dpt;nombre\n1;JEAN;1900;75;120\n2;MARIE;1900;75;300\n')
  })
  expect(insee.suggested).toEqual({ kind: 'first-name', textColumn: 'preusuel', countColumn: 'nombre' })
  const unsaid = await inspectList(db, { path: list('NAME;A;B\nJEAN;4;12\nMARIE;9;30\n') })
  expect(unsaid.suggested.countColumn).toBeNull()
})
