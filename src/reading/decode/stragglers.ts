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
/** As much is enough behind characters that came in quick succession at the very edge, where a model starts. */
const GAP_BEHIND_EDGE = 1.5
const STRAGGLERS_MOST = 3
const CHARACTERS_LEAST = 4

const centre = ({ start, end }: Span): number => (start + end) / 2

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

const centred = ({ start, end }: Span, on: number): Span => ({
  start: on - (end - start) / 2,
  end: on + (end - start) / 2
})

/** The same spans, px, with stragglers at either end drawn up to the rest. @param isSpace whether the character there is one */
export function drawUp(spans: readonly Span[], isSpace: (index: number) => boolean): Span[] {
  if (spans.length < CHARACTERS_LEAST) return [...spans]
  const gaps = spans.slice(1).map((span, index) => centre(span) - centre(spans[index]!))
  const pitch = median(gaps)
  const most = Math.min(STRAGGLERS_MOST, Math.floor(spans.length / 2))
  const atEdge = spans[0]!.start < pitch / 2
  const quick = (index: number): boolean => gaps.slice(0, index).every((gap) => gap < pitch)
  const mostBehind = (index: number): number => (atEdge && index < most && quick(index) ? GAP_BEHIND_EDGE : GAP_MOST)
  /** Whether the gap after `index` is no part of the spelling. */
  const tears = (index: number): boolean =>
    pitch > 0 && gaps[index]! > mostBehind(index) * pitch && !isSpace(index) && !isSpace(index + 1)
  const last = gaps.length - 1
  const head = Array.from({ length: most }, (_, index) => index).findLast(tears) ?? -1
  // One gap tears off one side only: the head's, as that is where models hurry.
  const tail =
    Array.from({ length: most }, (_, index) => last - index).findLast((index) => index > head && tears(index)) ??
    last + 1
  if (head < 0 && tail > last) return [...spans]
  // Stragglers come out in quick succession: only the rest says how far apart the letters stand.
  const between = gaps.slice(head + 1, tail)
  const usual = between.length ? median(between) : pitch
  const first = spans[head + 1]!
  const final = spans[tail > last ? spans.length - 1 : tail]!
  return spans.map((span, index) => {
    if (index <= head) return centred(span, centre(first) - (head + 1 - index) * usual)
    return index > tail ? centred(span, centre(final) + (index - tail) * usual) : span
  })
}
