/**
 * Rows known to be on the forms, weighed over all fields of a page at once. A row's evidence is the product of its cells'
 * CTC probabilities; that the page shows none of the rows (the null row) is weighed with the fields' own candidates.
 *
 *     row:  Σ ln p(cell) + weight · ln(share / (rows + unseen)) + lengthBonus · characters
 *     null: Σ ln(Σ p g / Σ p) + weight · ln(1 − share)
 */
import { logPosteriorOf } from '../../reading/decode/posterior'
import { classesOf } from '../../reading/decode/texts'
import type { Candidate } from '../../reading/decode/rank'
import type { ReadOnlyDatabase } from '../store'
import { cellsOfRow, rowsWithEntries, type StoredLexicon } from '../store/lexicons'
import type { FieldEvidence } from './candidates'
import type { List } from './lists'
import { ROSTER_SHARE, UNSEEN_ROWS, type Prior } from './prior'
import { bestTexts } from './search'
import { writtenAs } from './written'

/** Texts of a column that are looked up, rows that are taken of each, and rows that are weighed. */
const SEARCH = { width: 48, most: 12 }
const MOST_ROWS_EACH = 200
const MOST_ROWS = 600

/** One field of the page that a column of the roster is for. */
export interface BoundField {
  evidence: FieldEvidence
  list: List
  /** Without the roster, best first. */
  candidates: Candidate[]
}

/** The fields' candidates, best first, the roster's rows among them; in the order of `fields`. */
export function weighRows(
  db: ReadOnlyDatabase,
  roster: StoredLexicon,
  fields: BoundField[],
  prior: Prior,
  charset: string[]
): Candidate[][] {
  const known = new Set(charset)
  const rows = candidateRows(db, fields)
  const weighed = rows.map((row) => weighRow(cellsOfRow(db, roster.id, row), fields, known, charset))
  const rowPrior = prior.weight * Math.log(ROSTER_SHARE / (roster.total + UNSEEN_ROWS))
  const scores = weighed.map(({ evidence, characters }) => evidence + rowPrior + prior.lengthBonus * characters)
  const none = fields.reduce((sum, field) => sum + ownEvidence(field), prior.weight * Math.log(1 - ROSTER_SHARE))
  const highest = Math.max(none, ...scores)
  const weights = scores.map((score) => Math.exp(score - highest))
  const noneWeight = Math.exp(none - highest)
  const all = weights.reduce((sum, weight) => sum + weight, noneWeight)
  return fields.map((field, at) => {
    const shares = weighed.map(({ texts }, row) => ({ cell: texts[at]!, probability: weights[row]! / all }))
    return mixed(field, shares, noneWeight / all)
  })
}

interface Cell {
  classes: readonly number[]
  logProbability: number
}

/** Each field's cell; one that cannot be written makes the row impossible. */
function weighRow(
  cells: { place: number; text: string }[],
  fields: BoundField[],
  known: ReadonlySet<string>,
  charset: string[]
): { texts: Cell[]; evidence: number; characters: number } {
  const texts = fields.map(({ evidence: { frames, blank }, list }): Cell => {
    const text = cells.find((cell) => cell.place === list.place)?.text ?? ''
    const written = writtenAs(text, known)
    const classes = written === null ? null : classesOf(written, charset, blank)
    if (!classes) return { classes: [], logProbability: -Infinity }
    return { classes, logProbability: logPosteriorOf(classes, frames, blank) }
  })
  return {
    texts,
    evidence: texts.reduce((sum, { logProbability }) => sum + logProbability, 0),
    characters: texts.reduce((sum, { classes }) => sum + classes.length, 0)
  }
}

/** Rows with a cell that fits its field; those that fit several fields come first. */
function candidateRows(db: ReadOnlyDatabase, fields: BoundField[]): number[] {
  const times = new Map<number, number>()
  for (const { evidence, list } of fields) {
    const entries = bestTexts(list.trie, evidence.frames, evidence.blank, SEARCH).flatMap((classes) => [
      ...list.trie.entriesOf(classes)
    ])
    for (const row of rowsWithEntries(db, entries, MOST_ROWS_EACH)) times.set(row, (times.get(row) ?? 0) + 1)
  }
  return [...times]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_ROWS)
    .map(([row]) => row)
}

/** Natural logarithm of how well the field's own candidates fit, with what they leave to others. */
function ownEvidence({ candidates }: BoundField): number {
  const highest = Math.max(...candidates.map(({ logFactor }) => logFactor))
  let covered = 0
  let sum = 0
  for (const { logProbability, logFactor } of candidates) {
    const probability = Math.exp(logProbability)
    covered += probability
    sum += probability * Math.exp(logFactor - highest)
  }
  return covered > 0 ? Math.log(sum / Math.min(1, covered)) + highest : -Infinity
}

function mixed(field: BoundField, rows: { cell: Cell; probability: number }[], none: number): Candidate[] {
  const byText = new Map<string, Candidate>()
  for (const candidate of field.candidates) {
    byText.set(candidate.classes.join(), { ...candidate, probability: candidate.probability * none })
  }
  for (const { cell, probability } of rows) {
    const key = cell.classes.join()
    const known = byText.get(key)
    if (known) known.probability += probability
    else if (probability > 0) {
      byText.set(key, { ...cell, logFactor: 0, perCharacter: 0, probability, source: 'roster' })
    }
  }
  return [...byText.values()].sort((a, b) => b.probability - a.probability)
}
