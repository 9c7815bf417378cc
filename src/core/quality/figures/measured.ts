/** Readings of models held against what people decided. */
import { comparable, type ReadOnlyDatabase } from '../../store'
import { charactersOf } from '../../store/models'
import { learntBy, pictureColumns, type Picture } from '../../store/learnt'
import { trainingKinds } from '../../store/states'
import { align, type Step } from '../text'
import { yielding } from '../../store/slices'

/** On all fields that people decided on, or on those of the newest blind random sample only. */
export type On = 'decided' | 'sample'

export interface Measured {
  id: number
  /** What was decided, in the model's case and without accents it lacks. */
  written: string
  read: string
  steps: Step[]
  edits: number
  characters: number
  wordEdits: number
  words: number
}

/** Fields at a time: some 10 ms. */
const SLICE = 400

export interface MeasureControl {
  signal?: AbortSignal | undefined
  /** Fields that the model was trained on: they are not measured. */
  onLearnt?: (ids: number[]) => void
}

/**
 * Each decided field with a model's reading, in steps between which the event loop is free. Decisions of rules say nothing
 * of a reading, nor do those on fields that nobody looked at by themselves, nor flagged crops; a blank one should be read as nothing; illegible ones have no text to measure against.
 * Case never counts; accents do where the model knows them. What the model was trained on is left out: that it reads it right
 * says nothing of what it reads elsewhere.
 */
export async function* measured(
  db: ReadOnlyDatabase,
  model: number,
  on: On,
  { signal, onLearnt }: MeasureControl = {}
): AsyncGenerator<Measured[]> {
  const isLearnt = learntBy(db, model)
  const known = charactersOf(db, model)
  const sampled =
    on === 'sample'
      ? `AND EXISTS (SELECT 1 FROM sample_fields x WHERE x.field_id = f.id AND x.sample_id =
           (SELECT max(id) FROM samples WHERE kind = 'accuracy')) AND d.seen = 'blind'`
      : ''
  const some = db.prepare<[number, number, number], Picture & { id: number; text: string | null; reading: string }>(
    `SELECT f.id, d.text, r.text AS reading, ${pictureColumns} FROM fields f
     JOIN images i ON i.id = f.image_id JOIN sources s ON s.id = f.source_id JOIN decisions d ON d.id = f.decision_id JOIN readings r ON r.image_id = f.image_id AND r.model_id = ? AND r.status = 'ok'
     WHERE f.id > ? AND d.origin = 'person' AND d.kind IN ${trainingKinds} AND d.seen IN ('blind', 'field') ${sampled} ORDER BY f.id LIMIT ?`
  )
  let after = 0
  for await (const rows of yielding(db, () => some.all(model, after, SLICE), signal)) {
    after = rows.at(-1)!.id
    const learnt = rows.filter(isLearnt)
    if (learnt.length) onLearnt?.(learnt.map(({ id }) => id))
    const others = learnt.length ? rows.filter((row) => !isLearnt(row)) : rows
    yield others.map(({ id, text, reading }) => measure(id, comparable(text ?? '', known), comparable(reading, known)))
  }
}

export function measure(id: number, written: string, read: string): Measured {
  const steps =
    written === read ? [...written].map((character) => ({ written: character, read: character })) : align(written, read)
  const [words, readWords] = [wordsOf(written), wordsOf(read)]
  return {
    id,
    written,
    read,
    steps,
    edits: steps.filter((step) => step.written !== step.read).length,
    characters: steps.filter((step) => step.written !== '').length,
    wordEdits: written === read ? 0 : wordDistance(words, readWords),
    words: words.length
  }
}

/** The models that have read a decided field; the current one first. */
export const measurableModels = (
  db: ReadOnlyDatabase,
  current: number | null
): { id: number; name: string; hash: string }[] =>
  db
    .prepare<[number | null], { id: number; name: string; hash: string }>(
      `SELECT id, name, hash FROM models m WHERE EXISTS (SELECT 1 FROM readings WHERE model_id = m.id)
       ORDER BY (id = ?) DESC, id DESC`
    )
    .all(current)

/** Words take the place of characters: each different one is a character of its own. */
function wordDistance(from: string[], to: string[]): number {
  const codes = new Map<string, string>()
  const coded = (words: string[]): string =>
    words
      .map((word) => {
        if (!codes.has(word)) codes.set(word, String.fromCodePoint(0xf0000 + codes.size))
        return codes.get(word)!
      })
      .join('')
  return align(coded(from), coded(to)).filter((step) => step.written !== step.read).length
}

const wordsOf = (text: string): string[] => text.split(' ').filter((word) => word !== '')
