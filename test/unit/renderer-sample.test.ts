import { expect, it } from 'vitest'
import type { FieldRow } from '../../src/shared/domain'
import { firstToShow } from '../../src/renderer/src/views/home/firstToShow'

/** Read as `text` with these letters in doubt; `others` are the further readings. */
const field = (id: number, text: string, imported: string | null, others: string[], doubtful: number[] = []) =>
  ({
    id,
    status: 'undecided',
    reading: text,
    imported,
    importedState: imported === null ? null : 'text',
    differs: imported !== null && imported !== text,
    width: 300,
    confidence: 0.5,
    characters: [...text].map((character, index) => ({
      text: character,
      start: index * 20,
      end: index * 20 + 18,
      confidence: doubtful.includes(index) ? 0.4 : 0.99
    })),
    alternatives: [text, ...others].map((one) => ({ text: one, probability: 0 }))
  }) as unknown as FieldRow

it('shows a newcomer first a legible field that one key puts right', () => {
  const scrawl = field(1, 'DA', 'DORIAN', ['DO'], [0, 1])
  const right = field(2, 'MARVELIN', 'MARVELIN', ['MARVELAN'])
  const far = field(3, 'LUCENAI', 'LUCENAY', ['LUCENAU', 'LUCENAY'], [0, 3, 6])
  const near = field(4, 'OSTREVIM', 'OSTREVIN', ['OSTREVIN'], [7])
  const lost = field(5, 'VALMORIM', 'VALMORIN', ['VALNORIN'], [7])
  expect(firstToShow([scrawl, right, far, near, lost])?.id).toBe(4)
  expect(firstToShow([scrawl, right, far])?.id).toBe(3)
  expect(firstToShow([scrawl, right, lost])).toBeUndefined()
})
