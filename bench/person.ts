/** A person who decides fields from their known texts, and a core whose learner is a Python that was named. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Core, Project } from '../src/core'
import { withoutEscapes } from '../src/core/ingest/labels/rows'
import { environmentFile } from '../src/core/learning'
import { decide, suggestedQueue } from '../src/core/review'
import { listGenerations, type StoredGeneration } from '../src/core/store/generations'
import { editDistance } from '../src/shared/edits'
import { dataFolder, openCore, type Setting } from './setting'

/** Fields that a person goes through before the order is asked for again. */
const QUEUE = 25

/** The texts of a table by their file: those that are not empty and whose file begins with a name. */
export function textsOf(labels: string, column: string, { begins = '', most = Infinity } = {}): Map<string, string> {
  const rows = parse(readFileSync(labels), { columns: true, bom: true }) as Record<string, string>[]
  const found = rows.filter((row) => row.FILENAME!.startsWith(begins) && row[column]!.trim() !== '')
  if (found.length === 0) throw new Error(`${labels} has no row whose file begins with “${begins}”.`)
  return new Map(found.slice(0, most).map((row) => [row.FILENAME!, withoutEscapes(row[column]!).normalize('NFC')]))
}

/** A core with the reader beside the shipped ones, and a learner that was set up. */
export async function learningCore(setting: Setting): Promise<Core> {
  const { settings, options } = setting
  const file = environmentFile(dataFolder(setting))
  mkdirSync(dirname(file), { recursive: true })
  const command = [options.learning.python, '-m', 'nomina_training', 'learner']
  writeFileSync(file, JSON.stringify({ command, version: settings.version, own: false }))
  return openCore(setting, [dirname(options.learning.reader)])
}

export async function settled(project: Project): Promise<void> {
  const running = (): Promise<unknown>[] =>
    project.jobs.all.filter(({ progress }) => progress().status === 'running').map(({ finished }) => finished)
  for (let jobs = running(); jobs.length > 0; jobs = running()) await Promise.all(jobs)
}

interface Shown {
  id: number
  file: string
  reading: string
}

export class Person {
  /** Characters that had to be changed in what was shown. */
  typed = 0

  constructor(
    private readonly project: Project,
    private readonly texts: ReadonlyMap<string, string>
  ) {}

  /** Fields with a known text. */
  undecided(): Shown[] {
    return this.project.db
      .prepare<[], Shown>(
        `SELECT f.id, s.path AS file, coalesce(f.text, '') AS reading FROM fields f JOIN sources s ON s.id = f.source_id
         WHERE f.status = 'undecided' ORDER BY f.id`
      )
      .all()
      .map((field) => ({ ...field, file: basename(field.file) }))
      .filter(({ file }) => this.texts.has(file))
  }

  /** Decides in the order that the review suggests until so many fields are decided; it asks for the order again and again. */
  decideUpTo(count: number): void {
    for (;;) {
      const undecided = this.undecided()
      const more = count - (this.texts.size - undecided.length)
      if (more <= 0) return
      const { ids, random } = suggestedQueue(this.project.db, { filter: { status: 'undecided' } })
      this.decide(ids.slice(0, Math.min(more, QUEUE)), undecided, new Set(random))
    }
  }

  /** @param drawn those that came at random */
  decide(ids: readonly number[], undecided: readonly Shown[], drawn: ReadonlySet<number>): void {
    const shown = new Map(undecided.map((field) => [field.id, field]))
    for (const id of ids.filter((one) => shown.has(one))) {
      const { file, reading } = shown.get(id)!
      const text = this.texts.get(file)!
      this.typed += editDistance(reading, text)
      const kind = text === reading ? 'accepted' : 'corrected'
      decide(this.project.db, { ids: [id], kind, text, reviewer: 'bench', how: 'field', random: drawn.has(id) })
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

  /** Share of fields that are shown as they are written, or are so in other readings. */
  exact(fields: Shown[], readings?: ReadonlyMap<number, string>): number {
    const right = fields.filter(({ id, file, reading }) => (readings?.get(id) ?? reading) === this.texts.get(file))
    return right.length / fields.length
  }
}

export const generationsOf = ({ db }: Project): StoredGeneration[] =>
  db
    .prepare<[], number>('SELECT DISTINCT reader_id FROM generations')
    .pluck()
    .all()
    .flatMap((reader) => listGenerations(db, reader))

export const described = ({ number, reason, selfTraining, seconds }: StoredGeneration): string =>
  `${number} ${reason}${selfTraining ? ' (second pass)' : ''} ${seconds.toFixed(0)} s`
