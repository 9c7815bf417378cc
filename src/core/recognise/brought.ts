/** Readings that were made elsewhere and are brought along with their crops: they are stored as if this machine had read them. */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import * as v from 'valibot'
import { NominaError } from '../../shared/failure'
import type { EngineResult } from '../../reading/engine'
import type { Model } from '../../reading/models'
import { selectModel } from '../models'
import { allModelsOf, type Project } from '../project'
import { currentModelId, deriveFields, immediate, readCounts, type Database } from '../store'
import { rememberModel } from '../store/models'
import { imagesWithBytes, storeReadings } from '../store/readings'
import { turn } from '../store/slices'

/** The name of the file beside the crops, a reading a line. */
export const broughtFile = 'readings.jsonl'

const number = v.pipe(v.number(), v.finite())
const probability = v.pipe(number, v.minValue(0), v.maxValue(1))
const text = v.pipe(v.string(), v.maxLength(4096))
const rowSchema = v.object({
  /** Of the crop's bytes. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'is no sha256')),
  text,
  confidence: probability,
  alternatives: v.array(v.object({ text, probability })),
  spans: v.array(v.object({ text, confidence: probability, start: number, end: number })),
  /** The model's hash. */
  model: text
})
type Row = v.InferOutput<typeof rowSchema>

const ROWS_AT_ONCE = 200

export interface Brought {
  /** Images that have their reading now. */
  stored: number
  /** Rows whose crop was not taken in. */
  without: number
}

/**
 * Stores the readings of crops that were imported from `folder`. The model that made them becomes the project's own, where
 * nothing has been read before.
 * @throws NominaError `invalid-input` with the line; `not-found`: no such file, or a model that is not installed
 */
export async function storeBrought(project: Project, folder: string, signal: AbortSignal): Promise<Brought> {
  const brought: Brought = { stored: 0, without: 0 }
  for await (const rows of rowsOf(join(folder, broughtFile))) {
    await turn(project.db, signal)
    const stored = store(project, rows)
    brought.stored += stored
    brought.without += rows.length - stored
  }
  return brought
}

async function* rowsOf(path: string): AsyncGenerator<Row[]> {
  let rows: Row[] = []
  let line = 0
  const input = createReadStream(path)
  try {
    for await (const json of createInterface({ input, crlfDelay: Infinity })) {
      line++
      if (json.trim()) rows.push(parse(json, `${path}, line ${line}`))
      if (rows.length < ROWS_AT_ONCE) continue
      yield rows
      rows = []
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new NominaError('not-found', `There is no ${path}. \`nomina-cluster fetch\` writes it.`)
  }
  if (rows.length) yield rows
}

function parse(json: string, where: string): Row {
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch {
    throw new NominaError('invalid-input', `${where} is not JSON.`)
  }
  const { success, output, issues } = v.safeParse(rowSchema, parsed, { abortEarly: true })
  if (success) return output
  throw new NominaError('invalid-input', `${where}: ${v.getDotPath(issues[0]) ?? 'it'}: ${issues[0].message}`)
}

function store(project: Project, rows: Row[]): number {
  const { db } = project
  let stored = 0
  for (const [hash, group] of Map.groupBy(rows, ({ model }) => model)) {
    const model = modelOf(project, hash)
    if (readCounts(db).read === 0) selectModel(project, { id: model.manifest.id, hash })
    stored += storeOf(db, model, group)
  }
  return stored
}

function modelOf(project: Project, hash: string): Model {
  const models = allModelsOf(project)
  const model = models.find((candidate) => candidate.hash === hash)
  if (model) return model
  const known = models.map(({ manifest }) => manifest.id).join(', ') || 'none'
  throw new NominaError(
    'not-found',
    `The readings were made by a model that is not installed here (${hash}). Installed: ${known}.`
  )
}

function storeOf(db: Database, model: Model, rows: Row[]): number {
  const results: EngineResult[] = rows.flatMap(({ sha256, spans, ...row }) =>
    imagesWithBytes(db, sha256).map(({ id, width, height }) => ({
      ...row,
      key: id,
      ok: true,
      calibrated: model.manifest.calibration !== undefined,
      characters: spans,
      width,
      height
    }))
  )
  const imageIds = results.map(({ key }) => key)
  immediate(db, () => {
    storeReadings(db, results, { modelId: rememberModel(db, model), runId: null, provider: 'elsewhere' })
    deriveFields(db, { imageIds }, currentModelId(db))
  })
  return imageIds.length
}
