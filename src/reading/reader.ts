/** One way in for whoever reads without a project: files or pages in, readings out. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { QuarterTurns } from '../shared/domain'
import type { Quad } from '../shared/forms'
import { createEngine, joinLines, spawnNodeEngine, type Engine, type EngineResult, type SpawnEngine } from './engine'
import { cropPath, hashOfFile } from './images'
import type { Model } from './models'
import {
  createPagesClient,
  type CutField,
  type PagesClient,
  type ProcessTemplate,
  type SpawnPages
} from './pages/process'
import { inReadingOrder, problemsOf } from './pages/template-fields'
import { readTemplateFile } from './pages/template-file'
import { spawnNode } from './processes'
import { Turns } from './turns'
import { NominaError } from '../shared/failure'

export interface ReaderOptions {
  /** The built engine process, for Node; see `spawnEngine`. */
  enginePath: string
  /** The built pages process, for Node; see `spawnPages`. */
  pagesPath: string
  /** How a shell starts processes that is not Node. */
  spawnEngine?: SpawnEngine
  spawnPages?: SpawnPages
  /** An execution provider to insist on; null: the fastest that works. */
  provider?: string | null
}

/** A file that is one field. */
export interface FieldFile {
  path: string
  /** The file itself, where the caller has it: `path` only names it then. */
  content?: Uint8Array
  /** Of a file of several images, from 1. */
  page?: number
  /** Clockwise, after the file's own orientation. */
  rotation?: QuarterTurns
}

export interface FieldRead {
  name: string
  /** Its corners on the page, px, clockwise from top left. */
  quad: Quad
  /** Probability that nothing is written in it, 0–1. */
  blank: number
  /** The PNG that was cut out, there until the reader is closed. */
  crop: string
  /** `key` is the field's place on its page, from 0. */
  result: EngineResult
}

export interface FileRead {
  /** Of the file's bytes, in hexadecimal. */
  sha256: string
  pages: AsyncGenerator<PageRead>
}

export interface PageRead {
  /** From 1. */
  number: number
  width: number
  height: number
  /** Why no template lies on it, or why it can't be decoded; null where its fields were found. */
  reason: string | null
  fields: FieldRead[]
}

export interface Reader {
  readonly engine: Engine
  readonly pages: PagesClient
  /**
   * Reads files that are single fields; `key` is their place in the list. A file that can't be read is answered with its reason.
   * @throws NominaError `refused` (the model), `engine`; the signal's reason
   */
  readFields(model: Model, files: readonly FieldFile[], signal?: AbortSignal): Promise<EngineResult[]>
  /**
   * Lays a template on every page of a file, and reads its fields. A page that can't be used is answered with its reason.
   * Several calls may be under way, also with several models: those take turns.
   * @param template path of the template's JSON
   * @throws NominaError `unreadable` (the file), `invalid-input` and `not-found` (the template), `refused`, `engine`; the signal's reason
   */
  readPages(model: Model, path: string, template: string, signal?: AbortSignal): Promise<FileRead>
  /** Ends its processes and clears away what they made. */
  close(): Promise<void>
}

/** Starts nothing yet: processes start when they are needed. */
export function openReader(options: ReaderOptions): Reader {
  const provider = options.provider ?? null
  const engine = createEngine(options.spawnEngine ?? spawnNodeEngine(options.enginePath))
  const pages = createPagesClient(options.spawnPages ?? spawnNode(options.pagesPath))
  const templates = new Templates(pages)
  const turns = new Turns()
  let folder: Promise<string> | null = null
  const cropsFolder = (): Promise<string> => (folder ??= mkdtemp(join(tmpdir(), 'nomina-crops-')))

  const readField = async (
    crops: string,
    field: CutField,
    key: number,
    signal?: AbortSignal
  ): Promise<EngineResult> => {
    const wanted = field.lines.length ? field.lines : [field.crop]
    const items = wanted.map(({ sha256 }, at) => ({
      key: at,
      path: cropPath(crops, sha256),
      page: 1,
      rotation: 0 as const
    }))
    return joinLines(key, await engine.read(items, signal), field.lines)
  }

  return {
    engine,
    pages,
    async readFields(model, files, signal) {
      const items = files.map(({ page = 1, rotation = 0, ...file }, key) => ({ ...file, key, page, rotation }))
      return turns.with(model, async () => {
        await engine.load(model, provider)
        return engine.read(items, signal)
      })
    },
    async readPages(model, path, template, signal) {
      const templateId = await templates.idOf(template)
      const [{ pages: count }, sha256, crops] = await Promise.all([
        pages.call('open', { path }),
        hashOfFile(path),
        cropsFolder()
      ])
      const readPage = async (number: number): Promise<PageRead> => {
        const placing = { by: 'looking', templateId } as const
        const outcome = await pages.call('page', { path, number, crops, sha256, placing }).catch(failedPage)
        const { width, height, status, reason } = outcome
        const results = await turns.with(model, async () => {
          await engine.load(model, provider)
          return Promise.all(outcome.fields.map((field, key) => readField(crops, field, key, signal)))
        })
        const fields = outcome.fields.map(({ name, quad, blank, crop }, key) => {
          return { name, quad, blank, crop: cropPath(crops, crop.sha256), result: results[key]! }
        })
        return { number, width, height, reason: status === 'matched' ? null : reason, fields }
      }
      async function* readAll(): AsyncGenerator<PageRead> {
        for (let number = 1; number <= count; number++) {
          signal?.throwIfAborted()
          yield await readPage(number)
        }
      }
      return { sha256, pages: readAll() }
    },
    async close() {
      await Promise.all([engine.stop(), pages.stop()])
      if (folder) await rm(await folder, { recursive: true, force: true })
    }
  }
}

/** A page that can't be decoded is answered; without the process nothing more can be done. */
function failedPage(error: unknown): {
  width: number
  height: number
  status: 'unmatched'
  reason: string
  fields: []
} {
  if (!(error instanceof NominaError) || ['engine', 'cancelled'].includes(error.code)) throw error
  return { width: 0, height: 0, status: 'unmatched', reason: error.message, fields: [] }
}

/** Template files that were asked for, each known to the pages process from then on. */
class Templates {
  private readonly known: ProcessTemplate[] = []
  private readonly ids = new Map<string, Promise<number>>()

  constructor(private readonly pages: PagesClient) {}

  idOf(path: string): Promise<number> {
    let id = this.ids.get(path)
    if (!id) this.ids.set(path, (id = this.add(path)))
    return id
  }

  private async add(path: string): Promise<number> {
    const { name, file, image, width, height } = await readTemplateFile(path)
    const [problem] = problemsOf(file.fields, { width: width ?? Infinity, height: height ?? Infinity })
    if (problem !== undefined) throw new NominaError('invalid-input', `${path}: ${problem}`)
    const id = this.known.length + 1
    this.known.push({
      id,
      // Templates are told apart by their names while pages are laid on them.
      name: `${name} (${id})`,
      image: new Uint8Array(await readFile(image)),
      filled: file.filled === true,
      fields: inReadingOrder(file.fields)
    })
    await this.pages.setTemplates([...this.known])
    return id
  }
}
