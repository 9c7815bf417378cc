/** Whole forms: pages found on their template, pages of other kinds refused, fields read as well as from ideal crops. */
import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openSource } from '../src/reading/pages/source'
import { createRegistrar, type Pixels, type Registrar } from '../src/reading/pages/register'
import { sample, viewOf } from '../src/reading/pages/crop/view'
import { fromCorners } from '../src/reading/pages/vision/homography'
import { overlapOfQuads, readFormData, readPixels, type FormData, type TrueField, type TruePage } from './forms/data'
import { otherPages } from './forms/other-kinds'
import { openReader, type CropReader } from './forms/reader'
import type { Timings } from './forms/worker'
import type { Result } from './report'
import type { Setting } from './setting'

const modelId = 'names-caps'
const otherCount = 50

export async function measureForms(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const data = await readFormData(setting.options.forms)
  if (!data) return { notes: [`Not measured: ${setting.options.forms} is not there.`], results: [] }
  const registrar = await createRegistrar([data.template])
  const reader = await openReader(setting.settings.shippedModels, modelId)
  const notes = [`${data.pages.length} pages of ${setting.options.forms}, fields read with ${modelId}.`]
  const pages = await measurePages(data, registrar, reader)
  const batches = await measureBatches(data, registrar)
  const others = await measureOthers(data, registrar)
  await reader.close()
  return {
    notes: [...notes, ...pages.notes, ...batches.notes, ...others.notes],
    results: [...pages.results, ...batches.results, ...others.results, ...(await measureSpeed(setting.options.forms))]
  }
}

interface Measured {
  notes: string[]
  results: Result[]
}

/** One field of a page, as found. */
interface FoundField {
  truth: TrueField
  overlap: number
  blank: number
  lines: number
  fromPage: string
  fromIdeal: string
  fromTrueCorners: string
}

async function measurePages(
  { template, pages }: FormData,
  registrar: Registrar,
  reader: CropReader
): Promise<Measured> {
  const fields: FoundField[] = []
  const notes: string[] = []
  let matched = 0
  let wrong = 0
  for (const { name, path, fields: truths } of pages) {
    const page = await readPixels(path)
    const registration = registrar.register(page)
    if (registration.status === 'unmatched') {
      notes.push(`${name} is unmatched: ${registration.reason}`)
      continue
    }
    matched++
    const found: FoundField[] = []
    for (const truth of truths) {
      const cut = registrar.crop(page, registration, truth.field)
      const placed = { ...registration, homography: fromCorners(truth.field, truth.quad) }
      const ideal = viewOf(placed.homography, truth.field, 0)
      found.push({
        truth,
        overlap: overlapOfQuads(registrar.quadOf(registration, truth.field), truth.quad),
        blank: cut.blank,
        lines: cut.lines.length,
        fromPage: await readAll(reader, cut.lines),
        fromIdeal: await reader.read(sample(page, ideal.toPage, ideal.width, ideal.height)),
        fromTrueCorners: await readAll(reader, registrar.crop(page, placed, truth.field).lines)
      })
    }
    if (found.some(({ overlap }) => overlap < 0.8)) {
      wrong++
      notes.push(`${name} is matched in a wrong place.`)
    }
    fields.push(...found)
  }
  const empty = await registrar.register(template.image)
  const emptyBlank = template.fields.filter(
    (field) => empty.status === 'matched' && registrar.blankProbability(template.image, empty, field) > 0.5
  )
  return {
    notes,
    results: [...resultsOf(fields, pages.length, matched, wrong), ...emptyResults(empty.score, emptyBlank.length)]
  }
}

const emptyResults = (score: number, blank: number): Result[] => [
  { name: 'the unfilled form: score', value: score, unit: '', target: { atLeast: 0.5 } },
  { name: 'the unfilled form: fields proposed blank', value: blank, unit: '' }
]

async function readAll(reader: CropReader, lines: { pixels: Pixels }[]): Promise<string> {
  const texts: string[] = []
  for (const { pixels } of lines) texts.push(await reader.read(pixels))
  return texts.join(' ')
}

function resultsOf(fields: FoundField[], pages: number, matched: number, wrong: number): Result[] {
  const overlaps = fields.map(({ overlap }) => overlap)
  const written = fields.filter(({ truth }) => truth.text !== '')
  const exact = (key: 'fromPage' | 'fromIdeal' | 'fromTrueCorners'): number =>
    percent(written.filter((field) => field[key] === field.truth.text).length, written.length)
  const proposed = fields.filter(({ blank }) => blank > 0.5)
  const rightly = proposed.filter(({ truth }) => truth.text === '').length
  return [
    { name: 'matched', value: matched, unit: `of ${pages} pages`, target: { atLeast: Math.ceil((58 * pages) / 60) } },
    { name: 'matched in a wrong place', value: wrong, unit: 'pages', target: { atMost: 0 } },
    {
      name: 'IoU of fields, mean',
      value: overlaps.reduce((a, b) => a + b, 0) / overlaps.length,
      unit: '',
      target: { atLeast: 0.95 }
    },
    { name: 'IoU of fields, least', value: Math.min(...overlaps), unit: '', target: { atLeast: 0.8 } },
    { name: 'exact, through the pages', value: exact('fromPage'), unit: '%' },
    { name: 'exact, ideal crops: true corners, plain', value: exact('fromIdeal'), unit: '%' },
    { name: 'exact, true corners, framed and cleaned alike', value: exact('fromTrueCorners'), unit: '%' },
    {
      name: 'cost of the page pipeline against the better of both',
      value: Math.max(exact('fromIdeal'), exact('fromTrueCorners')) - exact('fromPage'),
      unit: 'points',
      target: { atMost: 1.5 }
    },
    { name: 'blank: precision', value: percent(rightly, proposed.length), unit: '%', target: { atLeast: 99 } },
    {
      name: 'blank: recall',
      value: percent(rightly, fields.length - written.length),
      unit: `% of ${fields.length - written.length}`,
      target: { atLeast: 98 }
    },
    {
      name: 'fields of one line taken for several',
      value: written.filter(({ lines }) => lines > 1).length,
      unit: `of ${written.length}`
    }
  ]
}

const percent = (count: number, of: number): number => (of > 0 ? (100 * count) / of : 100)

/** The same pages out of a PDF and a multi-page TIFF: fields in the same places. */
async function measureBatches({ folder, pages }: FormData, registrar: Registrar): Promise<Measured> {
  const results: Result[] = []
  const notes: string[] = []
  for (const [name, first, most] of [
    ['forms-001-006.pdf', 0, 6],
    ['forms-007-012.tif', 6, 6]
  ] as const) {
    const path = join(folder, 'batches', name)
    if (!existsSync(path)) {
      notes.push(`${name} is not there.`)
      continue
    }
    const source = await openSource(path)
    let same = 0
    for (let number = 1; number <= most; number++) {
      const { pixels } = await source.read(number)
      const { fields } = pages[first + number - 1] as TruePage
      const registration = registrar.register(pixels)
      const all =
        registration.status === 'matched' &&
        fields.every(({ field, quad }) => overlapOfQuads(registrar.quadOf(registration, field), quad) >= 0.95)
      if (all) same++
    }
    await source.close()
    results.push({
      name: `${name}: pages whose fields lie where they should`,
      value: same,
      unit: `of ${most}`,
      target: { atLeast: most }
    })
  }
  return { notes, results }
}

async function measureOthers({ template }: FormData, registrar: Registrar): Promise<Measured> {
  const others = await otherPages(template.image, otherCount, 4242)
  const accepted = others.flatMap(({ kind, page }) => {
    const { status, score } = registrar.register(page)
    return status === 'matched' ? [`accepted: ${kind}, score ${score.toFixed(3)}`] : []
  })
  const results: Result[] = [
    {
      name: 'pages of other kinds accepted',
      value: accepted.length,
      unit: `of ${others.length}`,
      target: { atMost: 0 }
    }
  ]
  return { notes: accepted, results }
}

async function measureSpeed(folder: string): Promise<Result[]> {
  const alone = await inProcesses(folder, 1)
  const both = await inProcesses(folder, 2)
  const { pages, decode, registration, crops } = alone[0]!
  const rate = (all: Timings[]): number =>
    (1000 * all.reduce((sum, timings) => sum + timings.pages, 0)) / Math.max(...all.map((timings) => timings.all))
  return [
    { name: 'decode', value: decode / pages, unit: 'ms a page' },
    { name: 'registration', value: registration / pages, unit: 'ms a page' },
    { name: 'crops, blanks, lines', value: crops / pages, unit: 'ms a page' },
    { name: 'one process', value: rate(alone), unit: 'pages/s' },
    { name: 'two processes', value: rate(both), unit: 'pages/s', target: { atLeast: 2 } },
    {
      name: 'peak memory of a process',
      value: Math.max(...[...alone, ...both].map(({ peakBytes }) => peakBytes)) / 1e6,
      unit: 'MB',
      target: { atMost: 1500 }
    }
  ]
}

const inProcesses = (folder: string, count: number): Promise<Timings[]> =>
  Promise.all(
    Array.from(
      { length: count },
      (_, part) =>
        new Promise<Timings>((resolve, reject) => {
          const child = fork(join(import.meta.dirname, 'forms-worker.js'), [folder, String(part), String(count)])
          child.once('message', (timings: Timings) => resolve(timings))
          child.once('error', reject)
          child.once('exit', (code) => code && reject(new Error(`The worker ended with code ${code}.`)))
        })
    )
  )
