/** From a model's output to text, its probability, and what is known of every character. */
import type { Alternative, Character } from '../../shared/domain'
import type { Manifest } from '../models'
import type { Geometry } from '../preprocess'
import { alignText } from './align'
import { beamTexts } from './beam'
import { calibrate } from './calibrate'
import { featuresOf } from './features'
import type { Frames } from './frames'
import { fusionOf } from './fusion'
import { greedyRuns, type Run } from './greedy'
import type { LanguageModel } from './language-model'
import { packFrames } from './lattice'
import { posteriorOf } from './posterior'
import { rankTexts, type Candidate } from './rank'
import { characterSpans } from './spans'
import { characterOf, textOf } from './texts'

export { averageFrames } from './average'
export { beamTexts } from './beam'
export { calibrate } from './calibrate'
export { FEATURES } from './features'
export { framesOf, type Frames } from './frames'
export { greedyRuns, type Run } from './greedy'
export { readLanguageModel, type LanguageModel } from './language-model'
export { textLogProbability, unpackLattice } from './lattice'
export { posteriorOf } from './posterior'
export { characterSpans } from './spans'
export interface Decoded {
  text: string
  /** The decoder's own, before calibration. */
  probability: number
  confidence: number
  calibrated: boolean
  characters: Character[]
  alternatives: Alternative[]
  /** In the order of `FEATURES`. */
  features: number[]
  /** See lattice.ts. */
  lattice: Buffer
}

/** A greedy text that is surer than this is not searched on, unless the manifest says otherwise. */
export const SURE = 0.98
export const BEAM_WIDTH = 8
export const MOST_ALTERNATIVES = 5
/** Alternatives below this say nothing. */
export const LEAST_PROBABILITY = 1e-4

/**
 * The greedy CTC text with its exact posterior where that is sure. Else the best texts of a beam search are listed with
 * their probabilities (see `shareOut`): where the manifest has a `decoder.beam`, the best of them is the text; without
 * one the greedy text stays first.
 */
export function decode(
  frames: Frames,
  manifest: Manifest,
  geometry: Geometry,
  languageModel: LanguageModel | null = null
): Decoded {
  const blank = manifest.blank ?? 0
  const runs = greedyRuns(frames, blank)
  const greedy = runs.map((run) => run.class)
  const posterior = posteriorOf(greedy, frames, blank)
  const fusion = fusionOf(manifest, languageModel)
  const { beam, greedyAbove = SURE } = manifest.decoder ?? {}
  const candidates =
    posterior > greedyAbove
      ? [rankTexts([greedy], frames, blank, fusion)[0]!]
      : rankTexts(withGreedy(beamTexts(frames, blank, beam ?? BEAM_WIDTH, fusion), greedy), frames, blank, fusion)
  const described = describeCandidates(candidates, { frames, manifest, geometry, greedyFirst: beam === undefined })
  return { ...described, lattice: packFrames(frames) }
}

export interface Seen {
  frames: Frames
  manifest: Manifest
  geometry: Geometry
  /** The greedy text is the text, however likely others are. */
  greedyFirst: boolean
}

/** @param candidates best first; one only where nothing else was looked for */
export function describeCandidates(
  candidates: Candidate[],
  { frames, manifest, geometry, greedyFirst }: Seen
): Omit<Decoded, 'lattice'> {
  const { charset } = manifest
  const blank = manifest.blank ?? 0
  const runs = greedyRuns(frames, blank)
  const greedyKey = runs.map((run) => run.class).join()
  const isGreedy = ({ classes }: Candidate): boolean => classes.join() === greedyKey
  const chosen = (greedyFirst && candidates.find(isGreedy)) || candidates[0]!
  const others = candidates.filter((candidate) => candidate !== chosen)
  const chosenRuns = isGreedy(chosen) ? runs : alignText(chosen.classes, frames, blank)
  const { probability } = chosen
  const features = featuresOf(
    {
      probability,
      second: Math.max(others[0]?.probability ?? 0, 1 - candidates.reduce((sum, one) => sum + one.probability, 0)),
      runs: chosenRuns,
      perCharacter: chosen.perCharacter,
      isGreedy: isGreedy(chosen)
    },
    frames,
    blank
  )
  const { confidence, calibrated } = calibrate(probability, manifest.calibration, features)
  // Calibration moves probability between the text and all others together.
  const share = calibrated && probability < 1 ? (1 - confidence) / (1 - probability) : 1
  const alternatives = others
    .filter((other) => other.probability >= LEAST_PROBABILITY)
    .slice(0, MOST_ALTERNATIVES - 1)
    .map((other) => ({ ...suggested(other, charset, blank), probability: other.probability * share }))
  const text = textOf(chosen.classes, charset, blank)
  return {
    text,
    probability,
    confidence,
    calibrated,
    characters: charactersOf(chosenRuns, frames, manifest, geometry),
    alternatives: alternatives.length
      ? [{ ...suggested(chosen, charset, blank), probability: confidence }, ...alternatives]
      : [],
    features
  }
}

const suggested = (
  { classes, source }: Candidate,
  charset: string[],
  blank: number
): Omit<Alternative, 'probability'> => ({
  text: textOf(classes, charset, blank),
  ...(source && { source })
})

/** Each character with its confidence and its place on the crop. */
export function charactersOf(runs: Run[], frames: Frames, manifest: Manifest, geometry: Geometry): Character[] {
  const blank = manifest.blank ?? 0
  const letter = (run: Run): string => characterOf(run.class, manifest.charset, blank)
  const isSpace = (index: number): boolean => letter(runs[index]!) === ' '
  const spans = characterSpans(runs, frames.count, manifest.output.frames, geometry, isSpace)
  return runs.map((run, index) => ({
    text: letter(run),
    confidence: run.confidence,
    start: spans[index]!.start,
    end: spans[index]!.end
  }))
}

function withGreedy(texts: (readonly number[])[], greedy: readonly number[]): (readonly number[])[] {
  const key = greedy.join()
  return texts.some((text) => text.join() === key) ? texts : [...texts, greedy]
}
