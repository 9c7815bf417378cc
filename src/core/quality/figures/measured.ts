/** Readings of models held against what people decided. */
import { comparable, type ReadOnlyDatabase } from '../../store'
import { charactersOf } from '../../store/models'
import { decidedAndReadAfter, type On } from '../../store/figures'
import { learntBy } from '../../store/learnt'
import { align, type Step } from '../text'
import { yielding } from '../../store/slices'

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
  let after = 0
  for await (const rows of yielding(db, () => decidedAndReadAfter(db, { model, on, after }, SLICE), signal)) {
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
