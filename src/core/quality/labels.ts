/** What all imported labels look like together, and what is odd about one of them. */
import type { Evidence } from '../../shared/contract/quality'
import { yielding } from '../store/slices'
import { inCharset } from './text'
import type { ReadOnlyDatabase } from '../store'
import { importedLabelsAfter } from '../store/labelled'

export interface Labels {
  /** Fields with an imported label. */
  total: number
  /** How many labels say a text, written in the model's characters. */
  counts: Map<string, number>
  /** How many labels have a character. */
  characters: Map<string, number>
  /** Share of labels with letters that are all in upper case. */
  upper: number
}

/** A character of fewer labels than this share of them is odd. */
const RARE = 0.0005
/** Labels count as upper-case where nearly all are. */
const MOSTLY = 0.95
/** A label of so many characters more or fewer than the reading is worth a word. */
const FAR_LENGTH = 3

export async function surveyLabels(db: ReadOnlyDatabase, charset: ReadonlySet<string>): Promise<Labels> {
  const counts = new Map<string, number>()
  const characters = new Map<string, number>()
  let total = 0
  let withLetters = 0
  let upper = 0
  let after = 0
  for await (const rows of yielding(db, () => importedLabelsAfter(db, after, 2000))) {
    after = rows.at(-1)!.id
    for (const { label: text, state } of rows) {
      total++
      if (state !== 'text') continue
      increase(counts, inCharset(text, charset))
      for (const character of new Set(text)) increase(characters, character)
      if (text.toLowerCase() === text.toUpperCase()) continue
      withLetters++
      if (text === text.toUpperCase()) upper++
    }
  }
  return { total, counts, characters, upper: withLetters ? upper / withLetters : 0 }
}

/** Formal faults of a label, whatever the image shows. */
export function oddities(label: string, reading: string, labels: Labels, charset: ReadonlySet<string>): Evidence[] {
  const found: Evidence[] = []
  const odd = [...new Set(label)].filter(
    (character) =>
      !charset.has(character) &&
      !/\s/.test(character) &&
      (labels.characters.get(character) ?? 0) <= Math.max(1, RARE * labels.total)
  )
  if (odd.length) found.push(say('odd-characters', { text: odd.join('') }))
  if (hasMixedCase(label, labels)) found.push(say('mixed-case', {}))
  if (/^\s|\s$|\s\s/.test(label)) found.push(say('white-space', {}))
  const [longer, shorter] = [[...label.trim()].length, [...reading].length].sort((a, b) => b - a)
  if (reading !== '' && longer! - shorter! >= FAR_LENGTH) found.push(say('length', { value: [...label].length }))
  return found
}

/** A small letter before a capital in a word, except after Mc, Mac, De and the like; or not upper case where all are. */
function hasMixedCase(label: string, { upper }: Labels): boolean {
  if (upper >= MOSTLY && label !== label.toUpperCase()) return true
  return /\p{Lu}{2,}\p{Ll}|\p{Ll}{4,}\p{Lu}/u.test(label)
}

export const say = (kind: Evidence['kind'], told: Partial<Omit<Evidence, 'kind'>>): Evidence => ({
  kind,
  value: null,
  text: null,
  fields: [],
  ...told
})

const increase = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)
