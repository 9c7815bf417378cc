/** Which field of a sample a newcomer sees first. */
import type { FieldRow } from '../../../../shared/domain'
import { placeCells, weighed } from '../review/cells'
import { textOnArrival } from '../review/shown'

/** Legible, read wrong, and one of the other readings is what the label says: the fewest letters in doubt come first. */
export function firstToShow(rows: readonly FieldRow[]): FieldRow | undefined {
  const oneKeyAway = rows.filter((row) => {
    const text = textOnArrival(row)
    const others = row.alternatives.slice(1).map((other) => other.text)
    return row.imported !== null && text.length >= 5 && text !== row.imported && others.includes(row.imported)
  })
  const doubts = (row: FieldRow): number =>
    placeCells(textOnArrival(row), weighed(row.characters, row.alternatives), row.width).filter((cell) => cell.doubtful)
      .length
  return oneKeyAway.sort((a, b) => doubts(a) - doubts(b) || (b.confidence ?? 0) - (a.confidence ?? 0))[0]
}
