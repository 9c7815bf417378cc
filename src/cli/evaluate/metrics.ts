import { editDistance } from '../../shared/edits'
import { tidyText } from '../../shared/text'

/**
 * How far readings are from labels. All text is compared in its normal form (composed, single spaces, none around), in
 * which decisions are stored too; a character is a code point, a word is what lies between white space.
 */
export interface Compared {
  label: string
  /** Empty where reading failed. */
  reading: string
}

export interface Metrics {
  fields: number
  /** Character error rate, edits ÷ characters; null where the labels hold no character. May exceed 1. */
  cer: number | null
  /** Word error rate, word edits ÷ words. */
  wer: number | null
  /** Fraction of the fields that are read exactly. */
  exact: number | null
  exactCaseInsensitive: number | null
  characters: number
  edits: number
  words: number
  wordEdits: number
}

export function measure(pairs: Compared[]): Metrics {
  const sum = { characters: 0, edits: 0, words: 0, wordEdits: 0, exact: 0, exactCaseInsensitive: 0 }
  for (const pair of pairs) {
    const label = tidyText(pair.label)
    const reading = tidyText(pair.reading)
    sum.characters += codePoints(label).length
    sum.edits += editDistance(codePoints(label), codePoints(reading))
    sum.words += words(label).length
    sum.wordEdits += editDistance(words(label), words(reading))
    if (label === reading) sum.exact += 1
    if (foldCase(label) === foldCase(reading)) sum.exactCaseInsensitive += 1
  }
  const { characters, edits, words: wordCount, wordEdits } = sum
  return {
    fields: pairs.length,
    cer: ratio(edits, characters),
    wer: ratio(wordEdits, wordCount),
    exact: ratio(sum.exact, pairs.length),
    exactCaseInsensitive: ratio(sum.exactCaseInsensitive, pairs.length),
    characters,
    edits,
    words: wordCount,
    wordEdits
  }
}

/** Edits between the texts of one field, in code points of their normal form. */
export const characterEdits = ({ label, reading }: Compared): number =>
  editDistance(codePoints(tidyText(label)), codePoints(tidyText(reading)))

const codePoints = (text: string): string[] => [...text]
const words = (text: string): string[] => text.split(/\s+/u).filter((word) => word !== '')
const ratio = (part: number, all: number): number | null => (all === 0 ? null : part / all)
/** Upper then lower case: `ß` equals `SS`, and a final sigma any other. */
const foldCase = (text: string): string => text.toUpperCase().toLowerCase().normalize('NFC')
