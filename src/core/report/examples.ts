/** Ten fields that people decided, drawn at random: half of them put right, half left as they were, as far as there are. */
import type { FieldRow } from '../../shared/domain'
import { fieldPart } from '../crop'
import { cropImage } from '../forms/images'
import type { Project } from '../project'
import { readRows } from '../review'
import { shuffle } from '../review/shuffle'
import { decidedTexts } from '../store/standing'
import { differingPart, maskedPair } from './mask'

const shown = 10
/** The same project gives the same ten. */
const seed = 1
/** px beside a letter's ink that belong to it. */
const margin = 3

export interface Example {
  /** A data URL; null where the picture is gone, or no letter of it may be shown. */
  crop: string | null
  before: string
  after: string
  reviewer: string
}

export async function examplesOf(project: Project, masked: boolean): Promise<Example[]> {
  const { db } = project
  const ids = decidedTexts(db)
  const drawn = (changed: 0 | 1): number[] =>
    shuffle(
      ids.filter((one) => one.changed === changed).map(({ id }) => id),
      seed
    )
  const [put, left] = [drawn(1), drawn(0)]
  const ofPut = Math.max(shown / 2, shown - left.length)
  const chosen = [...put.slice(0, ofPut), ...left].slice(0, shown)
  const examples: Example[] = []
  for (const row of readRows(db, chosen)) examples.push(await exampleOf(project, row, masked))
  return examples
}

async function exampleOf(project: Project, row: FieldRow, masked: boolean): Promise<Example> {
  const before = row.imported ?? row.reading ?? ''
  const after = row.text ?? ''
  const pair = masked ? maskedPair(before, after) : { before, after }
  const crop = await (masked ? letterOf(project, row) : whole(project, row)).catch(() => null)
  const { reviewer } = row
  return { crop, ...pair, reviewer: masked ? '' : (reviewer ?? '') }
}

const jpeg = (bytes: Buffer, type = 'image/jpeg'): string => `data:${type};base64,${bytes.toString('base64')}`

async function whole(project: Project, { id }: FieldRow): Promise<string> {
  const { bytes, type } = await cropImage(project, id, 'thumbnail')
  return jpeg(bytes, type)
}

/** The ink of the letters that were read wrong, else of the first one. */
async function letterOf({ db }: Project, row: FieldRow): Promise<string | null> {
  const { characters, reading, text } = row
  if (!characters.length || reading === null) return null
  const { from, to } = differingPart(reading, text ?? '') ?? { from: 0, to: 1 }
  const letters = characters.slice(Math.max(0, from === to ? from - 1 : from), Math.max(to, from + 1))
  const [first, last] = [letters[0] ?? characters.at(-1)!, letters.at(-1) ?? characters.at(-1)!]
  return jpeg(await fieldPart(db, row.id, { left: first.start - margin, right: last.end + margin }))
}
