/** What a project is made of: one walk over its fields in short steps, and the way down to the fields of every bar. */
import type * as v from 'valibot'
import type { datasetEndpoints } from '../../../shared/contract/dataset'
import type { FieldStatus, Filter, LabelOrigin, LabelState } from '../../../shared/domain'
import type { Control } from '../../jobs'
import { readCounts, type ReadOnlyDatabase } from '../../store'
import { yielding } from '../../store/slices'
import { fieldsToCountAfter, type CountedField } from '../../store/figures'
import { throughput } from './throughput'

type Overview = v.InferOutput<(typeof datasetEndpoints)['dataset.overview']['output']>

/** Fields at a time: some 10 ms. */
const SLICE = 4000
const CONFIDENCE_BINS = 20
const SIZE_BINS = 24
const NAMES = 200

export async function overview(db: ReadOnlyDatabase, { signal, onProgress }: Control = {}): Promise<Overview> {
  const tallies = new Tallies()
  const { total } = readCounts(db)
  let after = 0
  let done = 0
  for await (const rows of yielding(db, () => fieldsToCountAfter(db, after, SLICE), signal)) {
    after = rows.at(-1)!.id
    for (const row of rows) tallies.add(row)
    done += rows.length
    onProgress?.(done, total)
  }
  return { ...tallies.result(), throughput: await throughput(db, signal) }
}

class Tallies {
  private fields = 0
  private readonly status = new Map<string, number>()
  private readonly imported = new Map<LabelState | 'none', number>()
  private readonly lengths = new Map<number, number>()
  private readonly widths = new Map<number, number>()
  private readonly heights = new Map<number, number>()
  private readonly confidence = new Array<number>(CONFIDENCE_BINS).fill(0)
  private readonly characters = new Map<string, number>()
  private readonly names = new Map<string, number>()

  add({ status, origin, imported, text, confidence, width, height }: CountedField): void {
    this.fields++
    increase(this.status, `${status} ${origin}`)
    increase(this.imported, imported ?? 'none')
    if (text !== null) {
      let length = 0
      for (const character of text) {
        increase(this.characters, character)
        length++
      }
      increase(this.lengths, length)
      increase(this.names, text)
    }
    if (confidence !== null) this.confidence[Math.min(CONFIDENCE_BINS - 1, Math.floor(confidence * CONFIDENCE_BINS))]!++
    if (width !== null && height !== null) {
      increase(this.widths, width)
      increase(this.heights, height)
    }
  }

  result(): Omit<Overview, 'throughput'> {
    return {
      fields: this.fields,
      status: sorted(this.status).map(([key, count]) => {
        const [status, origin] = key.split(' ') as [FieldStatus, LabelOrigin]
        return { status, origin, count, filter: { status, origin } }
      }),
      imported: sorted(this.imported).map(([state, count]) => ({
        label: state,
        count,
        filter: { imported: state }
      })),
      lengths: [...this.lengths]
        .sort(([a], [b]) => a - b)
        .map(([length, count]) => ({ length, count, filter: { minLength: length, maxLength: length } })),
      widths: binned(this.widths, (from, to) => ({ minWidth: from, maxWidth: to - 1 })),
      heights: binned(this.heights, (from, to) => ({ minHeight: from, maxHeight: to - 1 })),
      confidence: this.confidence.map((count, bin) => confidenceBar(bin, count)),
      characters: sorted(this.characters)
        .slice(0, NAMES)
        .map(([label, count]) => ({ label, count, filter: { character: label } })),
      differentCharacters: this.characters.size,
      names: sorted(this.names)
        .slice(0, NAMES)
        .map(([label, count]) => ({ label, count, filter: { text: label } })),
      differentNames: this.names.size
    }
  }
}

/** The last bin includes 1; bounds of filters include both ends, so that others end just below the next. */
function confidenceBar(bin: number, count: number): Overview['confidence'][number] {
  const [from, to] = [bin / CONFIDENCE_BINS, (bin + 1) / CONFIDENCE_BINS]
  const last = bin === CONFIDENCE_BINS - 1
  return { from, to, count, filter: { minConfidence: from, maxConfidence: last ? 1 : to - 1e-12 } }
}

/** Bins of a round width, at most 24 or so, from the least to the greatest. */
function binned(
  sizes: Map<number, number>,
  filterOf: (from: number, to: number) => Filter
): { from: number; to: number; count: number; filter: Filter }[] {
  if (!sizes.size) return []
  let [least, most] = [Infinity, -Infinity]
  for (const size of sizes.keys()) {
    least = Math.min(least, size)
    most = Math.max(most, size)
  }
  const step = roundStep((most - least + 1) / SIZE_BINS)
  const bins = new Map<number, number>()
  for (const [size, count] of sizes) {
    const from = Math.floor(size / step) * step
    bins.set(from, (bins.get(from) ?? 0) + count)
  }
  const all = []
  for (let from = Math.floor(least / step) * step; from <= most; from += step)
    all.push({ from, to: from + step, count: bins.get(from) ?? 0, filter: filterOf(from, from + step) })
  return all
}

/** The next of 1, 2, 5, 10, 20, 50 … that is not smaller. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)))
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least)!
}

const sorted = <K extends string>(counts: Map<K, number>): [K, number][] =>
  [...counts].sort(([a, some], [b, more]) => more - some || (a < b ? -1 : 1))

const increase = <K>(counts: Map<K, number>, key: K): void => void counts.set(key, (counts.get(key) ?? 0) + 1)
