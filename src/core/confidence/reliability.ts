/** How far probabilities and what turned out agree. */
import type { Reliability } from '../../shared/contract/quality'
import { wilson } from './statistics'

export interface Outcome {
  confidence: number
  right: boolean
}

const BINS = 15

/**
 * Bins of equal mass, the expected calibration error over them, and the Brier score. Bins of equal mass: with bins of
 * equal width nearly all fields would be in the last.
 */
export function reliabilityOf(outcomes: readonly Outcome[]): Reliability {
  const sorted = [...outcomes].sort((a, b) => a.confidence - b.confidence)
  const bins = chunksOf(sorted).map((fields) => {
    const mean = fields.reduce((sum, { confidence }) => sum + confidence, 0) / fields.length
    const [from, to] = [fields[0]!.confidence, fields.at(-1)!.confidence]
    return {
      from,
      to,
      confidence: mean,
      accuracy: wilson(fields.filter(({ right }) => right).length, fields.length),
      fields: fields.length,
      filter: { status: 'decided' as const, minConfidence: from, maxConfidence: to }
    }
  })
  const total = sorted.length
  if (total === 0) return { bins: [], error: null, noise: null, brier: null, fields: 0 }
  return {
    bins,
    error: bins.reduce((sum, bin) => sum + (bin.fields / total) * Math.abs(bin.accuracy.value - bin.confidence), 0),
    noise: chunksOf(sorted).reduce((sum, fields) => sum + expectedGap(fields) * (fields.length / total), 0),
    brier: sorted.reduce((sum, { confidence, right }) => sum + (confidence - (right ? 1 : 0)) ** 2, 0) / total,
    fields: total
  }
}

function chunksOf<T>(sorted: T[]): T[][] {
  const count = Math.min(BINS, sorted.length)
  const edge = (bin: number): number => Math.round((bin * sorted.length) / count)
  return Array.from({ length: count }, (_, bin) => sorted.slice(edge(bin), edge(bin + 1)))
}

/** Mean of |share − mean confidence| of a bin whose probabilities are true: that of a normal of the same spread. */
function expectedGap(fields: Outcome[]): number {
  const variance = fields.reduce((sum, { confidence }) => sum + confidence * (1 - confidence), 0) / fields.length ** 2
  return Math.sqrt((2 / Math.PI) * variance)
}
