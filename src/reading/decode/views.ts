/** Closer views of a field (the manifest's `views`): which of them a network is surest of. */
import type { Manifest, ModelInput } from '../models'
import { geometryOf, type Geometry } from '../preprocess'
import type { Frames } from './frames'
import { greedyRuns } from './greedy'

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

/** The surer of two views; a closer one in which nothing is read stands for none. */
export const surer = (best: View, closer: View): View =>
  closer.certainty > best.certainty && closer.characters > 0 ? closer : best

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
