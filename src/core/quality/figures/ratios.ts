/** What error rates are shares of. */
import type { Ratio } from './bootstrap'
import type { Measured } from './measured'

type Counted = Pick<Measured, 'id' | 'edits' | 'characters' | 'wordEdits' | 'words'>

const ratio = (
  fields: readonly Counted[],
  above: (field: Counted) => number,
  below: (field: Counted) => number
): Ratio => ({
  above: Float64Array.from(fields, above),
  below: Float64Array.from(fields, below)
})
export const characters = (fields: readonly Counted[]): Ratio =>
  ratio(
    fields,
    (f) => f.edits,
    (f) => f.characters
  )
export const words = (fields: readonly Counted[]): Ratio =>
  ratio(
    fields,
    (f) => f.wordEdits,
    (f) => f.words
  )
export const exact = (fields: readonly Counted[]): Ratio =>
  ratio(
    fields,
    (f) => (f.edits === 0 ? 1 : 0),
    () => 1
  )
