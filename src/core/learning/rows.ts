/** What a round learns from: the fields that were decided, as files that the learner reads. */
import { join } from 'node:path'
import pMap from 'p-map'
import { isThere, writeWhole } from '../../reading/images'
import { askFiles } from '../../reading/pages/process'
import { messageOf } from '../../shared/failure'
import { recutImage } from '../forms/pipeline'
import type { Project } from '../project'
import { pathsOf } from '../recognise/crops'
import { decidedToLearn, undecidedToLearn, type Taught } from '../store/generations'
import { pictureHash } from '../store/learnt'
import { ownFolders } from '../store/own-folders'
import { linesOfImage } from '../store/page-fields'
import { judgeOf, judgesAmong, type Part } from './judges'

/** Undecided fields that are learnt from as they are read. */
const UNDECIDED = 800
/** Files that are looked at or written at a time. */
const AT_ONCE = 8

export interface Rows {
  /** A file of JSON lines. */
  path: string
  /** Fields that were decided and can be learnt from. */
  decided: number
  /** Left out, by reason. */
  leftOut: Record<string, number>
  /** The decided field of each picture, by its hash. */
  fields: ReadonlyMap<string, number>
}

export const learningFolder = ({ path }: Pick<Project, 'path'>): string => join(path, ownFolders.learning)

/** @param modelId the model that the fields ask for; null: the project's reads them */
export async function writeRows(
  project: Project,
  modelId: number | null,
  { selfTraining, signal }: { selfTraining: boolean; signal: AbortSignal }
): Promise<Rows> {
  const decided = decidedToLearn(project.db, modelId)
  const judges = judgesAmong(decided)
  // A reading of what a judge shows is not learnt from either.
  const undecided = selfTraining
    ? undecidedToLearn(project.db, modelId, UNDECIDED).filter((field) => judgeOf(judges, field) === null)
    : []
  const partOf = (field: Taught): Part => (field.text === null ? 'undecided' : (judgeOf(judges, field) ?? 'train'))
  const folder = learningFolder(project)
  const leftOut: Record<string, number> = {}
  const lines: string[] = []
  const all = [...decided, ...undecided]
  const crops = join(folder, 'crops')
  const pictures = await pMap(all, (field) => pictureOf(project, field, crops), { concurrency: AT_ONCE, signal })
  for (const [index, picture] of pictures.entries()) {
    const field = all[index]!
    const { text, group } = field
    if ('reason' in picture) leftOut[picture.reason] = (leftOut[picture.reason] ?? 0) + 1
    else {
      lines.push(JSON.stringify({ image: picture.path, text, sha256: pictureHash(field), group, part: partOf(field) }))
    }
  }
  const path = join(folder, 'rows.jsonl')
  await writeWhole(path, Buffer.from(lines.map((line) => `${line}\n`).join('')))
  const fields = new Map(decided.map((field) => [pictureHash(field), field.fieldId]))
  return { path, decided: decided.length, leftOut, fields }
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
    if (lines.length > 1) return { reason: 'several-lines' }
    const found = await pathsOf(db, field, lines, (id) => recutImage(db, pages, id))
    if ('reason' in found) return found
    const [path] = found.paths as [string]
    if (lines.length) return { path }
    const kept = join(crops, `${pictureHash(field)}.png`)
    if (await isThere(kept)) return { path: kept }
    const { bytes } = await askFiles('field', { path, page, rotation, size: 'full' })
    if (!bytes) return { path } // upright and plain as it is
    await writeWhole(kept, Buffer.from(bytes))
    return { path: kept }
  } catch (error) {
    return { reason: messageOf(error) }
  }
}
