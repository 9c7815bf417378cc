/**
 * Spans as a person sees the ink. A recurrent model with CTC may put out the first or last characters long before or
 * after it has passed them, at the edge of the crop over printing or empty paper. Such stragglers, cut off from the rest
 * by a gap that no spelling explains, are drawn up to their neighbours at the usual pitch.
 */
export interface Span {
  start: number
  end: number
}

/** A gap of more than so many usual distances is none of handwriting. */
const GAP_MOST = 3
const STRAGGLERS_MOST = 3
const CHARACTERS_LEAST = 4

const centre = ({ start, end }: Span): number => (start + end) / 2

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

const moved = ({ start, end }: Span, by: number): Span => ({ start: start + by, end: end + by })

/** The same spans, px, with stragglers at either end drawn up to the rest. @param isSpace whether the character there is one */
export function drawUp(spans: readonly Span[], isSpace: (index: number) => boolean): Span[] {
  if (spans.length < CHARACTERS_LEAST) return [...spans]
  const gaps = spans.slice(1).map((span, index) => centre(span) - centre(spans[index]!))
  const pitch = median(gaps)
  const most = Math.min(STRAGGLERS_MOST, Math.floor(spans.length / 2))
  /** Whether the gap after `index` is no part of the spelling. */
  const tears = (index: number): boolean =>
    pitch > 0 && gaps[index]! > GAP_MOST * pitch && !isSpace(index) && !isSpace(index + 1)
  const last = gaps.length - 1
  const head = Array.from({ length: most }, (_, index) => index).findLast(tears) ?? -1
  const tail = Array.from({ length: most }, (_, index) => last - index).findLast(tears) ?? last + 1
  return spans.map((span, index) => {
    if (index <= head) return moved(span, gaps[head]! - pitch)
    return index > tail ? moved(span, pitch - gaps[tail]!) : span
  })
}
