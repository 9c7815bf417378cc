/** Name fields whose labels were checked by eye, read by our model: for measurements of confidence and of label errors. */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Core, Project } from '../src/core'
import { inspectLabels } from '../src/core/ingest'
import { startImport } from '../src/core/ingest/job'
import { createProject } from './project'
import type { Setting } from './setting'

export interface CheckedName {
  file: string
  /** As published; may be wrong. */
  published: string
  /** What is written; null where it cannot be read. */
  written: string | null
}

export interface CheckedSet {
  images: string
  /** FILENAME,IDENTITY as published. */
  labels: string
  rows: CheckedName[]
}

const table = (file: string): Record<string, string>[] =>
  parse(readFileSync(file), { columns: true, bom: true }) as Record<string, string>[]

/** The validation images; null where they are not there. Nothing may be chosen on them. */
export function validationSet({ options }: Setting): CheckedSet | null {
  const names = dirname(options.from)
  const [images, labels, checks] = ['validation', 'validation.csv', 'validation-checked.csv'].map((name) =>
    join(names, name)
  ) as [string, string, string]
  if (![images, labels, checks].every((path) => existsSync(path))) return null
  const checked = new Map(table(checks).map((row) => [row.FILENAME!, row]))
  const rows = table(labels).flatMap(({ FILENAME: file, IDENTITY: published }): CheckedName[] => {
    const check = checked.get(file!)
    if (!check) return []
    return [{ file: file!, published: published!, written: check.STATUS === 'legible' ? check.CHECKED! : null }]
  })
  return { images, labels, rows }
}

/** The development images of the training set, which no model learnt from; null where they are not there. */
export function developmentSet({ options, settings, scratch }: Setting): CheckedSet | null {
  const checks = resolve(settings.installation, 'training', 'dev-checked.csv')
  const labels = `${options.from}.csv`
  if (![checks, labels, options.from].every((path) => existsSync(path))) return null
  const checked = new Map(table(checks).map((row) => [row.SHA256!, row]))
  const images = join(scratch, 'development')
  mkdirSync(images, { recursive: true })
  const rows: CheckedName[] = []
  for (const { FILENAME: file, IDENTITY: published } of table(labels)) {
    const path = join(options.from, file!)
    const check = existsSync(path) && checked.get(createHash('sha256').update(readFileSync(path)).digest('hex'))
    if (!check) continue
    copyFileSync(path, join(images, file!))
    const written = check.STATUS === 'legible' ? applyEdits(published!, check.EDITS!) : null
    rows.push({ file: file!, published: published!, written })
  }
  const own = join(scratch, 'development.csv')
  writeFileSync(
    own,
    ['FILENAME,IDENTITY', ...rows.map((row) => `${row.file},"${row.published.replaceAll('"', '""')}"`)].join('\n')
  )
  return { images, labels: own, rows }
}

/** As training/nomina_training/data/dev_checked.py: `0:D>P` replaces, `3:+E` inserts before, `2:-` deletes; by code point. */
function applyEdits(label: string, edits: string): string {
  const from = [...label]
  let text = ''
  let at = 0
  for (const edit of edits === '' ? [] : edits.match(/\d+:(?:.>.|\+.|-)/gsu)!) {
    const [, position, , replaced, inserted] = /^(\d+):(?:(.)>(.)|\+(.)|-)$/su.exec(edit)!
    text += from.slice(at, Number(position)).join('') + (inserted ?? replaced ?? '')
    at = inserted === undefined ? Number(position) + 1 : Number(position)
  }
  return text + from.slice(at).join('')
}

/** A fresh project of a set, imported with its labels and read; left open. */
export async function readSet(core: Core, setting: Setting, set: CheckedSet): Promise<Project> {
  const project = await createProject(core, setting)
  const { chosen } = await inspectLabels({ path: set.labels, paths: [set.images] })
  startImport(project, { paths: [set.images], labels: chosen, recognise: true })
  await Promise.all(project.jobs.all.map((run) => run.finished))
  return project
}
