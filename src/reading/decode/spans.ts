/** From frames to px of the upright crop. */
import type { ModelOutput } from '../models'
import type { Geometry } from '../preprocess'
import type { Run } from './greedy'
import { drawUp, type Span } from './stragglers'

/**
 * Where each character stands on the crop, px, start inclusive, end exclusive: in order, not overlapping, at least 1 px
 * wide each (equal shares where the crop has fewer px than characters).
 *
 * CTC models fire a character in one or two frames only, so a span reaches from its run to half-way to its neighbours,
 * but is no wider than the usual distance of characters unless its run is. Stragglers are drawn up to the rest first.
 * @param isSpace whether the character of the run at that index is a space
 */
export function characterSpans(
  runs: readonly Run[],
  frameCount: number,
  frames: ModelOutput['frames'],
  geometry: Geometry,
  isSpace: (index: number) => boolean = () => false
): Span[] {
  if (runs.length === 0) return []
  const { cropWidth, inputWidth, left, width } = geometry
  if (cropWidth < runs.length) return equalShares(runs.length, cropWidth)
  const columns = Math.max(1, Math.floor(frameCount / (frames?.rows ?? 1)))
  const stride = frames?.stride ?? inputWidth / columns
  const offset = frames?.offset ?? 0
  const toCrop = (inputPx: number): number => ((inputPx - left) * cropWidth) / width
  const onCrop = runs.map((run) => {
    const column = run.start % columns
    const start = offset + column * stride
    return { start: toCrop(start), end: toCrop(start + (run.end - run.start) * stride) }
  })
  return settle(widen(drawUp(onCrop, isSpace), toCrop(left + stride)), cropWidth)
}

/** @param frame px of the crop that one frame covers */
function widen(spans: Span[], frame: number): Span[] {
  const centres = spans.map(({ start, end }) => (start + end) / 2)
  const distances = centres.slice(1).map((centre, index) => centre - centres[index]!)
  const usual = distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? frame * 4
  return spans.map((span, index) => {
    const reach = Math.max(0, (usual - (span.end - span.start)) / 2)
    const before = spans[index - 1]
    const after = spans[index + 1]
    const start = span.start - reach
    const end = span.end + reach
    return {
      start: before ? Math.max(start, (before.end + span.start) / 2) : start,
      end: after ? Math.min(end, (span.end + after.start) / 2) : end
    }
  })
}

/** Whole px within the crop, ordered and at least 1 px each, with room left for those that follow. */
function settle(spans: Span[], cropWidth: number): Span[] {
  let free = 0
  return spans.map(({ start, end }, index) => {
    const following = spans.length - 1 - index
    const from = Math.min(Math.max(Math.round(start), free), cropWidth - following - 1)
    const to = Math.min(Math.max(Math.round(end), from + 1), cropWidth - following)
    free = to
    return { start: from, end: to }
  })
}

const equalShares = (count: number, width: number): Span[] =>
  Array.from({ length: count }, (_, index) => ({ start: (index * width) / count, end: ((index + 1) * width) / count }))
