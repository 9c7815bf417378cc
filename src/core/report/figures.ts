/** What a report says of a project: how many, how sure and how that is known, before and after. */
import type { Interval } from '../../shared/contract/quality'
import { wordStates, type WordState } from '../../shared/states'
import { wilson } from '../confidence'
import type { Control } from '../jobs'
import { acceptanceState } from '../quality/acceptance'
import { scores } from '../quality/figures'
import { readCounts, type ReadOnlyDatabase } from '../store'
import { countDecidedBy, countFiles, labelsChanged } from '../store/figures'

export interface Figures {
  files: number
  fields: number
  undecided: number
  failed: number
  byPerson: number
  byRule: number
  /** Decided to have no text, by what is said instead. */
  without: Record<WordState, number>
  /** The reader on fields that were drawn at random and decided without seeing what it read; else on whatever people decided. */
  reader: { name: string; checked: number; right: Interval; drawn: boolean } | null
  /** What rules accepted, and what the audit or the sample says of it. */
  rules: { accepted: number; right: Interval; checked: number; wrong: number; audited: boolean }[]
  /** Of fields that a person decided and that came with a label: how many have another one now. */
  imported: { decided: number; changed: number }
}

export async function figuresOf(db: ReadOnlyDatabase, control: Control = {}): Promise<Figures> {
  const counts = readCounts(db)
  return {
    files: countFiles(db),
    fields: counts.total,
    undecided: counts.undecided,
    failed: counts.failed,
    byPerson: countDecidedBy(db, 'person'),
    byRule: countDecidedBy(db, 'rule'),
    without: Object.fromEntries(wordStates.map((state) => [state, counts[state]])) as Figures['without'],
    reader: (await readerOn(db, 'sample', control)) ?? (await readerOn(db, 'decided', control)),
    rules: rulesOf(db),
    imported: labelsChanged(db)
  }
}

async function readerOn(db: ReadOnlyDatabase, on: 'sample' | 'decided', control: Control): Promise<Figures['reader']> {
  const score = (await scores(db, on, control)).find(({ current }) => current)
  if (!score?.exact || !score.fields) return null
  const right = wilson(Math.round(score.exact.value * score.fields), score.fields)
  return { name: score.name, checked: score.fields, right, drawn: on === 'sample' }
}

const rulesOf = (db: ReadOnlyDatabase): Figures['rules'] =>
  acceptanceState(db)
    .rules.filter(({ status }) => status === 'applied' || status === 'broken')
    .map(({ accepted, accuracy, audit }) => ({
      accepted,
      right: audit.accuracy ?? accuracy,
      checked: audit.decided,
      wrong: audit.wrong,
      audited: audit.accuracy !== null
    }))
