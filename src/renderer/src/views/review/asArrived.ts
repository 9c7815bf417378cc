/** The field on screen never changes under a person's hands. */
import type { FieldRow } from '../../../../shared/domain'

/** What a reading by another model would change. */
const read = (row: FieldRow): Partial<FieldRow> => ({
  model: row.model,
  reading: row.reading,
  text: row.text,
  confidence: row.confidence,
  calibrated: row.calibrated,
  characters: row.characters,
  alternatives: row.alternatives,
  differs: row.differs
})

/** Keeps the reading that a field was arrived at with, where another model reads it meanwhile, until it is left. */
export class AsArrived {
  #arrived: FieldRow | null = null
  /** The field on screen, as it came there. */
  #came: FieldRow | null = null
  #last: { from: FieldRow; shown: FieldRow } | null = null

  of(row: FieldRow | null): FieldRow | null {
    if (!row) return row
    if (this.#came?.id !== row.id) this.#came = row
    const arrived = this.#arrived
    if (!arrived || !this.#isReadAnew(arrived, row)) {
      this.#arrived = row
      return row
    }
    if (this.#last?.from !== row) this.#last = { from: row, shown: { ...row, ...read(arrived) } }
    return this.#last.shown
  }

  /** It was left: it is shown as it is now. */
  forget(): void {
    this.#arrived = null
    this.#came = null
  }

  /**
   * When the decision was made that a person's own is made in view of. One that somebody else makes while the field is on screen is not
   * seen by whoever presses Enter just then: the core refuses that, and the field is shown again.
   */
  decisionSeen(row: FieldRow): string | null {
    const came = this.#came
    return came?.id === row.id && came.status === 'undecided' ? came.decidedAt : row.decidedAt
  }

  #isReadAnew(arrived: FieldRow, row: FieldRow): boolean {
    return (
      arrived.id === row.id &&
      arrived.status === 'undecided' &&
      row.status === 'undecided' &&
      arrived.imageVersion === row.imageVersion &&
      arrived.reading !== null &&
      arrived.model !== row.model
    )
  }
}
