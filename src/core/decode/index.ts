/** From a model's output to text, its probability, and what is known of every character. */
import type { Alternative, Character } from '../../shared/domain'
import type { Manifest } from '../models'
import type { Geometry } from '../preprocess'
import { beamTexts } from './beam'
import { calibrate } from './calibrate'
import type { Frames } from './frames'
import { greedyRuns } from './greedy'
import { packFrames } from './lattice'
import { posteriorOf } from './posterior'
import { characterSpans } from './spans'

export { beamTexts } from './beam'
export { calibrate } from './calibrate'
export { framesOf, type Frames, type OutputShape } from './frames'
export { greedyRuns, type Run } from './greedy'
export { packLattice, textLogProbability, unpackLattice, type Lattice } from './lattice'
export { posteriorOf } from './posterior'
export { characterSpans } from './spans'

export interface Decoded {
  text: string
  confidence: number
  calibrated: boolean
  characters: Character[]
  alternatives: Alternative[]
  lattice: Buffer
}

/** A text that is surer than this gets no alternatives: nobody would look at them. */
const SURE = 0.98
const BEAM_WIDTH = 8
const MOST_ALTERNATIVES = 5
/** Alternatives below this say nothing. */
const LEAST_PROBABILITY = 1e-4

/**
 * Greedy CTC text with its exact posterior. Where that leaves doubt, the most likely other texts are listed after it,
 * each with its exact posterior; the text itself always stays first.
 */
export function decode(frames: Frames, manifest: Manifest, geometry: Geometry): Decoded {
  const blank = manifest.blank ?? 0
  const characterOf = (index: number): string => manifest.charset[index > blank ? index - 1 : index]!
  const runs = greedyRuns(frames, blank)
  const classes = runs.map((run) => run.class)
  const posterior = posteriorOf(classes, frames, blank)
  const { confidence, calibrated } = calibrate(posterior, manifest.calibration)
  const isSpace = (index: number): boolean => characterOf(classes[index]!) === ' '
  const spans = characterSpans(runs, frames.count, manifest.output.frames, geometry, isSpace)
  const text = classes.map(characterOf).join('')
  const others = confidence < SURE ? otherTexts(frames, blank, classes) : []
  // Calibration moves probability between the text and all others together.
  const share = calibrated && posterior < 1 ? (1 - confidence) / (1 - posterior) : 1
  const alternatives = others.map((other) => ({
    text: other.classes.map(characterOf).join(''),
    probability: other.posterior * share
  }))
  return {
    text,
    confidence,
    calibrated,
    characters: runs.map((run, index) => ({
      text: characterOf(run.class),
      confidence: run.confidence,
      start: spans[index]!.start,
      end: spans[index]!.end
    })),
    alternatives: alternatives.length ? [{ text, probability: confidence }, ...alternatives] : [],
    lattice: packFrames(frames)
  }
}

function otherTexts(
  frames: Frames,
  blank: number,
  greedy: number[]
): { classes: readonly number[]; posterior: number }[] {
  const known = greedy.join()
  return beamTexts(frames, blank, BEAM_WIDTH)
    .filter((classes) => classes.join() !== known)
    .map((classes) => ({ classes, posterior: posteriorOf(classes, frames, blank) }))
    .filter((other) => other.posterior >= LEAST_PROBABILITY)
    .sort((a, b) => b.posterior - a.posterior)
    .slice(0, MOST_ALTERNATIVES - 1)
}
