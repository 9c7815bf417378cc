/** What a round learns from: the fields that were decided, as files that the learner reads. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isThere, writeWhole } from '../../reading/images'
import { askFiles } from '../../reading/pages/process'
import { messageOf } from '../../shared/failure'
import { recutImage } from '../forms/pipeline'
import type { Project } from '../project'
import { pathsOf } from '../recognise/crops'
import { decidedToLearn, undecidedToLearn, type Taught } from '../store/generations'
import { linesOfImage } from '../store/page-fields'

export type Part = 'train' | 'choose' | 'judge' | 'undecided'

/** Of 1,000: fields that no generation ever learns from. Half of them choose, the others judge. */
const JUDGES = 100
const CHOOSE = 50
/** With fewer, the learner judges by a part of the others that it keeps back, and none is left unused. */
const ENOUGH_JUDGES = 60
/** Undecided fields that are learnt from as they are read. */
const UNDECIDED = 800
/** Files that are looked at or written at a time. */
const AT_ONCE = 8

export interface Rows {
  /** A file of JSON lines. */
  path: string
  /** Fields that were decided and can be learnt from. */
  decided: number
  judges: number
  undecided: number
  /** Left out, by reason. */
  leftOut: Record<string, number>
}

export const learningFolder = ({ path }: Pick<Project, 'path'>): string => join(path, 'learning')

export const isJudge = ({ draw }: Pick<Taught, 'draw'>): boolean => draw < JUDGES

/** @param modelId the model that the fields ask for; null: the project's reads them */
export async function writeRows(
  project: Project,
  modelId: number | null,
  { selfTraining, signal }: { selfTraining: boolean; signal: AbortSignal }
): Promise<Rows> {
  const decided = decidedToLearn(project.db, modelId)
  const judges = new Set(decided.filter(isJudge).map(({ imageId }) => imageId)).size
  const partOf = (field: Taught): Part => {
    if (field.text === null) return 'undecided'
    if (judges < ENOUGH_JUDGES || !isJudge(field)) return 'train'
    return field.draw < CHOOSE ? 'choose' : 'judge'
  }
  const undecided = selfTraining ? undecidedToLearn(project.db, modelId, JUDGES, UNDECIDED) : []
  const folder = learningFolder(project)
  await mkdir(join(folder, 'crops'), { recursive: true })
  const leftOut: Record<string, number> = {}
  const lines: string[] = []
  const all = [...decided, ...undecided]
  for (let start = 0; start < all.length; start += AT_ONCE) {
    signal.throwIfAborted()
    const some = all.slice(start, start + AT_ONCE)
    const found = await Promise.all(some.map((field) => pictureOf(project, field, join(folder, 'crops'))))
    found.forEach((picture, index) => {
      const { text, sha256, group, page, rotation } = some[index]!
      if ('reason' in picture) leftOut[picture.reason] = (leftOut[picture.reason] ?? 0) + 1
      else {
        const named = page === 1 && rotation === 0 ? sha256 : nameOf(some[index]!)
        lines.push(JSON.stringify({ image: picture.path, text, sha256: named, group, part: partOf(some[index]!) }))
      }
    })
  }
  const path = join(folder, 'rows.jsonl')
  await writeFile(`${path}.tmp`, lines.map((line) => `${line}\n`).join(''))
  await rename(`${path}.tmp`, path)
  return { path, decided: decided.length, judges, undecided: undecided.length, leftOut }
}

/** The file that the engine reads a field from, or an upright PNG of it. */
async function pictureOf(
  project: Project,
  field: Taught,
  crops: string
): Promise<{ path: string } | { reason: string }> {
  const { db, pages } = project
  const { imageId, page, rotation } = field
  try {
    const lines = linesOfImage(db, imageId)
    if (lines.length > 1) return { reason: 'several lines' }
    const found = await pathsOf(db, field, lines, (id) => recutImage(db, pages, id))
    if ('reason' in found) return found
    const [path] = found.paths as [string]
    if (lines.length) return { path }
    const kept = join(crops, `${nameOf(field)}.png`)
    if (await isThere(kept)) return { path: kept }
    const { bytes } = await askFiles('field', { path, page, rotation, size: 'full' })
    if (!bytes) return { path } // upright and plain as it is
    await writeWhole(kept, Buffer.from(bytes))
    return { path: kept }
  } catch (error) {
    return { reason: messageOf(error) }
  }
}

/** A page of a file, or a turned one, is another picture than the file: 64 hexadecimal digits all the same. */
function nameOf({ sha256, page, rotation }: Taught): string {
  const suffix = `${page.toString(16)}${rotation}`
  return sha256.slice(0, sha256.length - suffix.length) + suffix
}
