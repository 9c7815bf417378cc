/** Whether the reader in use is new to the hand, as the fields say that came at random. */
import { decisionKinds } from '../../shared/states'
import { measure } from '../quality/figures/measured'
import { comparable, currentModelId, readCounts, type ReadOnlyDatabase } from '../store'
import { countAtRandom, newestAtRandom, type RandomlyDecided } from '../store/arrivals'
import { charactersOf } from '../store/models'

export interface Hand {
  /** Fields that came at random and are decided. */
  known: number
  /** About how many it takes. */
  about: number
}

/** More of the characters than this are read wrong in a hand that is new. */
const WRONG = 0.1
/** Decisions before anything is said of the hand, those that it usually takes, and those after which it is known whatever is read wrong. */
const FIRST = 30
const USUALLY = 100
const MOST = 150
/** The newest decisions that speak of it, and of these how many by the model in use say enough by themselves. */
const NEWEST = 50
const ENOUGH = 20

/** Null: it knows the hand, or there is nothing that could be known. */
export function newHand(db: ReadOnlyDatabase): Hand | null {
  const model = currentModelId(db)
  const counts = readCounts(db)
  const decided = decisionKinds.reduce((sum, kind) => sum + counts[kind], 0)
  if (model === null || counts.read === 0 || decided >= MOST) return null
  const known = countAtRandom(db, MOST)
  const of = (about: number): Hand => ({ known, about: Math.min(about, known + counts.undecided) })
  if (known < FIRST) return of(FIRST)
  const newest = newestAtRandom(db, NEWEST)
  const own = newest.filter(({ modelId }) => modelId === model)
  if (wrongOf(db, own.length >= ENOUGH ? own : newest) <= WRONG) return null
  return of(known < USUALLY ? USUALLY : MOST)
}

/** The share of the characters that were read wrong. */
function wrongOf(db: ReadOnlyDatabase, fields: RandomlyDecided[]): number {
  const charsets = new Map([...new Set(fields.map(({ modelId }) => modelId))].map((id) => [id, charactersOf(db, id)]))
  let [edits, characters] = [0, 0]
  for (const { fieldId, modelId, written, read } of fields) {
    const known = charsets.get(modelId)!
    const measured = measure(fieldId, comparable(written, known), comparable(read, known))
    edits += measured.edits
    characters += measured.characters
  }
  return edits / Math.max(1, characters)
}
