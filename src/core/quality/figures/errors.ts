/** Where readings go wrong: by kind of character, and which is taken for which. */
import { decisionKinds, traitsOf } from '../../../shared/states'
import type * as v from 'valibot'
import type { characterClass, datasetEndpoints } from '../../../shared/contract/dataset'
import { NominaError } from '../../../shared/failure'
import { currentModelId, readCounts, type ReadOnlyDatabase } from '../../store'
import type { On } from '../../store/figures'
import { measured } from './measured'
import type { Control } from '../../jobs'

type Errors = v.InferOutput<(typeof datasetEndpoints)['dataset.errors']['output']>
type CharacterClass = v.InferOutput<typeof characterClass>

const MOST_IDS = 500
const MOST_EXAMPLES = 100

/** @throws NominaError('not-found') the project has no model */
export async function errorsOf(
  db: ReadOnlyDatabase,
  { model, on, limit }: { model?: number | undefined; on: On; limit: number },
  { signal, onProgress }: Control = {}
): Promise<Errors> {
  const id = model ?? currentModelId(db)
  if (id === null) throw new NominaError('not-found', 'The project has no model whose readings could be measured.')
  const classes = new Map<CharacterClass, Errors['classes'][number]>()
  const confusions = new Map<string, Errors['confusions'][number]>()
  const written = new Map<string, number>()
  const counts = readCounts(db)
  const total = decisionKinds.filter((kind) => traitsOf(kind).trains).reduce((sum, kind) => sum + counts[kind], 0)
  let fields = 0
  let wrong = 0
  for await (const some of measured(db, id, on, { signal })) {
    fields += some.length
    for (const field of some) {
      if (field.edits > 0) wrong++
      for (const step of field.steps) {
        if (step.written !== '') written.set(step.written, (written.get(step.written) ?? 0) + 1)
        countClass(classes, step, field.id)
        if (step.written !== step.read) countConfusion(confusions, step, field.id)
      }
    }
    onProgress?.(fields, Math.max(fields, total))
  }
  const shown = [...confusions.values()].sort((a, b) => b.count - a.count).slice(0, limit)
  return {
    fields,
    wrong,
    classes: [...classes.values()].sort((a, b) => b.characters - a.characters),
    confusions: shown.map((confusion) => ({ ...confusion, of: written.get(confusion.written) ?? 0 }))
  }
}

interface Step {
  written: string
  read: string
}

/** What is written decides the class; of a character that is only read, what is read. */
function countClass(
  classes: Map<CharacterClass, Errors['classes'][number]>,
  { written, read }: Step,
  id: number
): void {
  const kind = classOf(written === '' ? read : written)
  let entry = classes.get(kind)
  if (!entry) classes.set(kind, (entry = { class: kind, characters: 0, replaced: 0, missed: 0, inserted: 0, ids: [] }))
  if (written !== '') entry.characters++
  if (written === read) return
  entry[written === '' ? 'inserted' : read === '' ? 'missed' : 'replaced']++
  if (entry.ids.at(-1) !== id && entry.ids.length < MOST_IDS) entry.ids.push(id)
}

function countConfusion(
  confusions: Map<string, Errors['confusions'][number]>,
  { written, read }: Step,
  id: number
): void {
  const key = `${written}\n${read}`
  let entry = confusions.get(key)
  if (!entry) confusions.set(key, (entry = { written, read, count: 0, of: 0, ids: [] }))
  entry.count++
  if (entry.ids.at(-1) !== id && entry.ids.length < MOST_EXAMPLES) entry.ids.push(id)
}

/** Texts are compared in lower case, so that there is no class of capitals. */
export function classOf(character: string): CharacterClass {
  if (/\s/u.test(character)) return 'space'
  if (/\p{Nd}/u.test(character)) return 'digit'
  if (/\p{P}|\p{S}/u.test(character)) return 'punctuation'
  if (!/\p{L}/u.test(character)) return 'other'
  if (!/^[a-z]$/i.test(character)) return 'accented'
  return /[aeiouy]/i.test(character) ? 'vowel' : 'consonant'
}
