/**
 * Greedy and beam search of attention models, batched over images. The training package does the same, ties included.
 *
 * A text's probability is the product of its characters' and the end's, each a share of all classes but padding and
 * start. After `maxLength` characters only the end may come.
 */
import type { ModelOutput } from '../../models'

/** A hypothesis that goes on: of which image, from which row of the step before, by which class. */
export interface StepRow {
  item: number
  parent: number
  token: number
}

/** One step: rows × classes, and where the model tells, rows × positions that sum to 1 a row. */
export interface StepOutput {
  logits: Float32Array
  weights: Float32Array | null
}

export interface StepRunner {
  /** Each row's state goes on from its parent's; in the first step row i is image i. */
  step(rows: readonly StepRow[]): Promise<StepOutput>
}

export interface SearchOptions {
  start: number
  end: number
  pad: number
  maxLength: number
  classes: number
  activation: ModelOutput['activation']
  /** Hypotheses kept an image; 1 is greedy. */
  width: number
}

export interface Hypothesis {
  /** Without start and end. */
  classes: readonly number[]
  /** Natural logarithm, the end counted. */
  logProbability: number
  /** Of each character where it stands. */
  probabilities: readonly number[]
  /** Where the model looked for each character, over positions; null where it does not tell. */
  weights: readonly (Float32Array | null)[]
}

interface Kept extends Hypothesis {
  /** Row of the last step; null where the text has ended. */
  row: number | null
}

/** The best texts of each image, best first; of equal ones that of the better parent, then of the lower class. */
export async function searchTexts(runner: StepRunner, count: number, options: SearchOptions): Promise<Hypothesis[][]> {
  let beams = Array.from({ length: count }, (_, row): Kept[] => [
    { classes: [], logProbability: 0, probabilities: [], weights: [], row }
  ])
  let rows: StepRow[] = beams.map((_, item) => ({ item, parent: item, token: options.start }))
  for (let length = 0; rows.length; length++) {
    const output = await runner.step(rows)
    const shares = logShares(output.logits, options, length === options.maxLength)
    beams = beams.map((beam) => advance(beam, shares, output, rows.length, options))
    rows = []
    for (const [item, beam] of beams.entries()) {
      for (const kept of beam) {
        if (kept.row === null) continue
        rows.push({ item, parent: kept.row, token: kept.classes.at(-1)! })
        kept.row = rows.length - 1
      }
    }
  }
  return beams
}

/** Logarithms of what may come next, rows × classes; minus infinity for what may not. */
export function logShares(
  logits: Float32Array,
  { classes, start, end, pad, activation }: SearchOptions,
  onlyEnd: boolean
): Float64Array {
  const shares = new Float64Array(logits.length)
  for (let row = 0; row < logits.length; row += classes) {
    let highest = -Infinity
    for (let index = 0; index < classes; index++) {
      const value = logits[row + index]!
      const score = activation === 'probabilities' ? Math.log(Math.max(value, 1e-30)) : value
      shares[row + index] = index === pad || index === start ? -Infinity : score
      highest = Math.max(highest, shares[row + index]!)
    }
    let sum = 0
    for (let index = 0; index < classes; index++) sum += Math.exp(shares[row + index]! - highest)
    const scale = highest + Math.log(sum)
    for (let index = 0; index < classes; index++) {
      shares[row + index] = onlyEnd && index !== end ? -Infinity : shares[row + index]! - scale
    }
  }
  return shares
}

interface Candidate {
  logProbability: number
  place: number
  /** The class that comes next; −1 where the text has ended before. */
  index: number
}

function advance(
  beam: Kept[],
  shares: Float64Array,
  output: StepOutput,
  rows: number,
  { classes, end, width }: SearchOptions
): Kept[] {
  const candidates: Candidate[] = []
  for (const [place, { row, logProbability }] of beam.entries()) {
    if (row === null) {
      candidates.push({ logProbability, place, index: -1 })
      continue
    }
    const own: Candidate[] = []
    for (let index = 0; index < classes; index++) {
      const share = shares[row * classes + index]!
      if (share > -Infinity) own.push({ logProbability: logProbability + share, place, index })
    }
    candidates.push(...own.sort(betterFirst).slice(0, width))
  }
  if (!candidates.length) throw new Error('attention.step computed no numbers (NaN)')
  return candidates
    .sort(betterFirst)
    .slice(0, width)
    .map(({ logProbability, place, index }): Kept => {
      const parent = beam[place]!
      const { row } = parent
      if (row === null) return parent
      if (index === end) return { ...parent, logProbability, row: null }
      return {
        classes: [...parent.classes, index],
        logProbability,
        probabilities: [...parent.probabilities, Math.exp(shares[row * classes + index]!)],
        weights: [...parent.weights, output.weights && rowOf(output.weights, row, rows)],
        row
      }
    })
}

const betterFirst = (a: Candidate, b: Candidate): number =>
  b.logProbability - a.logProbability || a.place - b.place || a.index - b.index

function rowOf(values: Float32Array, row: number, rows: number): Float32Array {
  const size = values.length / rows
  return values.slice(row * size, (row + 1) * size)
}
