/** Closer views of a field (the manifest's `views`): whether one more is worth a look, and what all say together. */
import type { Manifest, ModelInput } from '../models'
import { geometryOf, type Geometry } from '../preprocess'
import type { Frames } from './frames'
import { greedyRuns } from './greedy'
import { matched, productOf } from './together'

/** Power of a view's certainty that it counts by: chosen on dev of latin-lines. */
const SHARPNESS = 8

/** A field as a network saw it once. */
export interface View {
  frames: Frames
  geometry: Geometry
  certainty: number
  /** Characters of its best path. */
  characters: number
}

export const viewOf = (frames: Frames, geometry: Geometry, blank: number): View => {
  const characters = greedyRuns(frames, blank).length
  return { frames, geometry, certainty: certaintyOf(frames, characters), characters }
}

/** The inputs that a field may be given: the whole of it first. */
export const inputsOf = ({ input, views }: Manifest): ModelInput[] => [
  input,
  ...(views?.trims ?? []).map((trim) => ({ ...input, trim }))
]

/** Whether a closer view than the last of these is worth a look: the first left a doubt, and each was surer. */
export function goesOn(seen: View[], below: number): boolean {
  const last = seen.at(-1)!
  if (seen.length === 1) return last.certainty < below
  return last.characters > 0 && seen.slice(0, -1).every(({ certainty }) => certainty < last.certainty)
}

/**
 * What all views say, as frames of the surest one: the others' are matched with them, and each view counts by its
 * certainty. A view in which nothing is read says nothing of where there is another.
 */
export function joinViews(seen: View[], blank: number): Pick<View, 'frames' | 'geometry'> {
  const reads = seen.filter(({ characters }) => characters > 0)
  const views = reads.length ? reads : seen.slice(0, 1)
  if (views.length === 1) return views[0]!
  const surest = views.reduce((best, view) => (view.certainty > best.certainty ? view : best))
  const weights = views.map(({ certainty }) => certainty ** SHARPNESS)
  const sum = weights.reduce((all, weight) => all + weight)
  const looks = views.map((view) => (view === surest ? view.frames : matched(surest.frames, view.frames, blank)))
  const shares = weights.map((weight) => weight / sum)
  return { frames: productOf(looks, shares), geometry: surest.geometry }
}

/** Probability of the best path, for each character of its text: their geometric mean; of all of it where there is none. */
function certaintyOf({ probabilities, count, classes }: Frames, characters: number): number {
  let sum = 0
  for (let frame = 0; frame < count; frame++) {
    let best = 0
    for (let at = frame * classes; at < (frame + 1) * classes; at++) best = Math.max(best, probabilities[at]!)
    sum += Math.log(best)
  }
  return Math.exp(sum / Math.max(1, characters))
}

/** Where a crop lay in the view that these frames are of: the one whose width fits their number best. */
export function geometryOfFrames(width: number, height: number, manifest: Manifest, { count }: Frames): Geometry {
  const geometries = inputsOf(manifest).map((input) => geometryOf(width, height, input))
  const wanted = count * (manifest.output.frames?.stride ?? 1)
  const off = ({ inputWidth }: Geometry): number => Math.abs(inputWidth - wanted)
  return geometries.reduce((best, one) => (off(one) < off(best) ? one : best))
}
