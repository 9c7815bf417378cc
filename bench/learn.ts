/**
 * A simulated person decides fields of one hand from their known texts, in the order of the review; at each step the reader
 * learns. The figures are of the generation in use, as it reads (beam and language model), on what is still undecided.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Core, Project } from '../src/core'
import { startImport } from '../src/core/ingest/job'
import { environmentFile, startLearning } from '../src/core/learning'
import { selectModel } from '../src/core/models'
import { decide, suggestedQueue } from '../src/core/review'
import { listGenerations, type StoredGeneration } from '../src/core/store/generations'
import { loadModel } from '../src/reading/models'
import { editDistance } from '../src/shared/edits'
import type { Result } from './report'
import { dataFolder, fillFolder, openCore, type Setting } from './setting'

/** Decisions after which the reader learns, and the share of the base's errors that may be left on the same fields. */
const STEPS: [number, number][] = [
  [50, 0.6],
  [100, 0.48],
  [200, 0.4],
  [400, 0.35]
]
const BUDGET = 60
/** Fields that a person goes through before the order is asked for again. */
const QUEUE = 25

export async function measureLearn(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const { images, learning } = setting.options
  const texts = truth(learning.lines, learning.begins, images)
  const core = await coreOf(setting)
  try {
    const project = await core.open(join(setting.scratch, 'hand'), { create: true })
    selectModel(project, (await loadModel(learning.reader)).manifest.id)
    const files = [...texts.keys()].map((name) => join(dirname(learning.lines), 'images', name))
    const folder = fillFolder(join(setting.scratch, 'hand-images'), files, files.length)
    startImport(project, { paths: [folder], labels: null, recognise: true })
    await settled(project)
    const person = new Person(project, texts)
    const base = new Map(person.undecided().map(({ id, reading }) => [id, reading]))
    const all = person.undecided()
    const results: Result[] = [{ name: 'CER of the base', value: person.errorRate(all, base) * 100, unit: '%' }]
    const rounds: string[] = []
    for (const [step, share] of STEPS.filter(([step]) => step < texts.size)) {
      person.decideUpTo(step)
      const startedAt = performance.now()
      await startLearning(project, { budget: BUDGET }).finished
      const learnt = performance.now() - startedAt
      await settled(project)
      const rest = person.undecided()
      const after = person.errorRate(rest)
      const made = generationsOf(project).map(described).join(', ')
      rounds.push(`after ${step}: ${made}; ${(learnt / 1000).toFixed(0)} s`)
      results.push(
        { name: `CER after ${step}`, value: after * 100, unit: '%' },
        {
          name: `after ${step} ÷ base`,
          value: after / person.errorRate(rest, base),
          unit: '×',
          target: { atMost: share }
        }
      )
    }
    person.decideUpTo(texts.size)
    const alone = person.typing(all, base)
    results.push({
      name: 'typed ÷ with the base alone',
      value: person.typed / alone,
      unit: '×',
      target: { atMost: 0.5 }
    })
    const name = `${texts.size} images of ${basename(dirname(learning.lines))} ${learning.begins}`
    return { notes: [`${name}, read by ${basename(learning.reader)}.`, ...rounds], results }
  } finally {
    await core.close()
  }
}

/** The texts of a table FILENAME,TEXT by their file: of a book, those whose file begins with its name. */
function truth(labels: string, begins: string, most: number): Map<string, string> {
  const rows = parse(readFileSync(labels), { columns: true, bom: true }) as { FILENAME: string; TEXT: string }[]
  const found = rows.filter(({ FILENAME: file, TEXT: text }) => file.startsWith(begins) && text.trim() !== '')
  if (found.length === 0) throw new Error(`${labels} has no row whose file begins with “${begins}”.`)
  return new Map(found.slice(0, most).map(({ FILENAME: file, TEXT: text }) => [file, text.normalize('NFC')]))
}

/** A core with the reader beside the shipped ones, and a learner that was set up. */
async function coreOf(setting: Setting): Promise<Core> {
  const { settings, options } = setting
  const file = environmentFile(dataFolder(setting))
  mkdirSync(dirname(file), { recursive: true })
  const command = [options.learning.python, '-m', 'nomina_training', 'learner']
  writeFileSync(file, JSON.stringify({ command, version: settings.version, own: false }))
  return openCore(setting, [dirname(options.learning.reader)])
}

async function settled(project: Project): Promise<void> {
  const running = (): Promise<unknown>[] =>
    project.jobs.all.filter(({ progress }) => progress().status === 'running').map(({ finished }) => finished)
  for (let jobs = running(); jobs.length > 0; jobs = running()) await Promise.all(jobs)
}

interface Shown {
  id: number
  file: string
  reading: string
}

class Person {
  /** Characters that had to be changed in what was shown. */
  typed = 0

  constructor(
    private readonly project: Project,
    private readonly texts: ReadonlyMap<string, string>
  ) {}

  undecided(): Shown[] {
    return this.project.db
      .prepare<[], Shown>(
        `SELECT f.id, s.path AS file, coalesce(f.text, '') AS reading FROM fields f JOIN sources s ON s.id = f.source_id
         WHERE f.status = 'undecided' ORDER BY f.id`
      )
      .all()
      .map((field) => ({ ...field, file: basename(field.file) }))
  }

  /** Decides in the order that the review suggests until so many fields are decided; it asks for the order again and again. */
  decideUpTo(count: number): void {
    const { db } = this.project
    for (;;) {
      const rows = new Map(this.undecided().map((field) => [field.id, field]))
      const more = count - (this.texts.size - rows.size)
      if (more <= 0) return
      const { ids, random } = suggestedQueue(db, { filter: { status: 'undecided' } })
      const drawn = new Set(random)
      for (const id of ids.slice(0, Math.min(more, QUEUE))) {
        const { file, reading } = rows.get(id)!
        const text = this.texts.get(file)!
        this.typed += editDistance(reading, text)
        const kind = text === reading ? 'accepted' : 'corrected'
        decide(db, { ids: [id], kind, text, reviewer: 'bench', how: 'field', random: drawn.has(id) })
      }
    }
  }

  /** CER of fields as they are shown, or as other readings have them. */
  errorRate(fields: Shown[], readings?: ReadonlyMap<number, string>): number {
    const characters = fields.reduce((sum, { file }) => sum + this.texts.get(file)!.length, 0)
    return this.typing(fields, readings) / characters
  }

  typing(fields: Shown[], readings?: ReadonlyMap<number, string>): number {
    return fields.reduce((sum, { id, file, reading }) => {
      return sum + editDistance(readings?.get(id) ?? reading, this.texts.get(file)!)
    }, 0)
  }
}

const generationsOf = ({ db }: Project): StoredGeneration[] =>
  db
    .prepare<[], number>('SELECT DISTINCT reader_id FROM generations')
    .pluck()
    .all()
    .flatMap((reader) => listGenerations(db, reader))

const described = ({ number, reason, selfTraining, seconds }: StoredGeneration): string =>
  `${number} ${reason}${selfTraining ? ' (second pass)' : ''} ${seconds.toFixed(0)} s`
