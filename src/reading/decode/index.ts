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
import { logPosteriorOf } from './posterior'
import { rankTexts, type Candidate } from './rank'
import { characterSpans } from './spans'
import { characterOf, textOf } from './texts'

export { beamTexts } from './beam'
export { calibrate } from './calibrate'
export { FEATURES } from './features'
export { framesOf, type Frames } from './frames'
export { greedyRuns, type Run } from './greedy'
export { readLanguageModel, type LanguageModel } from './language-model'
export { textLogProbability, unpackLattice } from './lattice'
export { posteriorOf } from './posterior'
export { characterSpans } from './spans'
export { productOf } from './together'
export { geometryOfFrames, goesOn, inputsOf, joinViews, viewOf, type View } from './views'
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

/** The text is found; all else that is known of it is only told where it is asked for. */
export interface Found {
  /** As `Decoded`'s. */
  probability: number
  /** While the frames are what they were. */
  describe(geometry: Geometry): Decoded
}

/**
 * The greedy CTC text with its exact posterior where that is sure. Else the best texts of a beam search are listed with
 * their probabilities (see `shareOut`): where the manifest has a `decoder.beam`, the best of them is the text; without
 * one the greedy text stays first.
 */
export const decode = (
  frames: Frames,
  manifest: Manifest,
  geometry: Geometry,
  languageModel: LanguageModel | null = null
): Decoded => find(frames, manifest, languageModel).describe(geometry)

/** The first half of `decode`. */
export function find(frames: Frames, manifest: Manifest, languageModel: LanguageModel | null = null): Found {
  const blank = manifest.blank ?? 0
  const runs = greedyRuns(frames, blank)
  const greedy = runs.map((run) => run.class)
  const known = new Map([[greedy, logPosteriorOf(greedy, frames, blank)]])
  const fusion = fusionOf(manifest, languageModel)
  const { beam, greedyAbove = SURE } = manifest.decoder ?? {}
  const isSure = Math.min(1, Math.exp(known.get(greedy)!)) > greedyAbove
  const texts = isSure ? [greedy] : withGreedy(beamTexts(frames, blank, beam ?? BEAM_WIDTH, fusion), greedy)
  const candidates = rankTexts(texts, frames, blank, fusion, known)
  const greedyFirst = beam === undefined
  return {
    probability: chosenOf(candidates, greedy, greedyFirst).probability,
    describe: (geometry) => ({
      ...describeCandidates(candidates, { frames, manifest, geometry, greedyFirst, runs }),
      lattice: packFrames(frames)
    })
  }
}

export interface Seen {
  frames: Frames
  manifest: Manifest
  geometry: Geometry
  /** The greedy text is the text, however likely others are. */
  greedyFirst: boolean
  /** Of the greedy text, where they are known. */
  runs?: Run[]
}

const same = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((value, at) => value === other[at])

const chosenOf = (candidates: Candidate[], greedy: readonly number[], greedyFirst: boolean): Candidate =>
  (greedyFirst && candidates.find(({ classes }) => same(classes, greedy))) || candidates[0]!

/** @param candidates best first; one only where nothing else was looked for */
export function describeCandidates(
  candidates: Candidate[],
  { frames, manifest, geometry, greedyFirst, runs: known }: Seen
): Omit<Decoded, 'lattice'> {
  const { charset } = manifest
  const blank = manifest.blank ?? 0
  const runs = known ?? greedyRuns(frames, blank)
  const greedy = runs.map((run) => run.class)
  const chosen = chosenOf(candidates, greedy, greedyFirst)
  const isGreedy = same(chosen.classes, greedy)
  const others = candidates.filter((candidate) => candidate !== chosen)
  const chosenRuns = isGreedy ? runs : alignText(chosen.classes, frames, blank)
  const { probability } = chosen
  const features = featuresOf(
    {
      probability,
      second: Math.max(others[0]?.probability ?? 0, 1 - candidates.reduce((sum, one) => sum + one.probability, 0)),
      runs: chosenRuns,
      perCharacter: chosen.perCharacter,
      isGreedy
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

/** The greedy text is among them, as it was given. */
function withGreedy(texts: (readonly number[])[], greedy: readonly number[]): (readonly number[])[] {
  const at = texts.findIndex((text) => same(text, greedy))
  return at === -1 ? [...texts, greedy] : texts.with(at, greedy)
}
