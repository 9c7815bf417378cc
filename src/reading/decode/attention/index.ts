/** From an attention model's steps to texts, their probabilities, and what is known of every character. */
import type { Manifest } from '../../models'
import { classCount } from '../../models'
import type { Geometry } from '../../preprocess'
import { calibrate } from '../calibrate'
import { BEAM_WIDTH, LEAST_PROBABILITY, MOST_ALTERNATIVES, SURE, type Decoded } from '../index'
import { characterSpans } from '../spans'
import { writtenRuns } from './places'
import { searchTexts, type Hypothesis, type SearchOptions, type StepRunner } from './search'

export { inOrder, writtenRuns } from './places'
export { searchTexts, type Hypothesis, type StepOutput, type StepRow, type StepRunner } from './search'

/** There are no CTC frames to keep, and no features to calibrate from. */
export type Written = Omit<Decoded, 'probability' | 'features' | 'lattice'>

/** Starts a decode of some of a batch's images, by their index. */
export type StartSteps = (items: readonly number[]) => StepRunner

/**
 * Every image's greedy text and, where that leaves doubt, the best texts of a beam search: with `decoder.beam` in the
 * manifest the best of them is the text, without it the greedy one stays first.
 * @param geometries one an image of the batch
 * @param positions of the memory, a count
 */
export async function writeTexts(
  start: StartSteps,
  geometries: readonly Geometry[],
  positions: number,
  manifest: Manifest
): Promise<Written[]> {
  const { beam, greedyAbove = SURE } = manifest.decoder ?? {}
  const all = geometries.map((_, item) => item)
  const greedy = (await searchTexts(start(all), all.length, optionsOf(manifest, 1))).map((found) => found[0]!)
  const doubtful = all.filter((item) => !(Math.exp(greedy[item]!.logProbability) > greedyAbove))
  const width = beam ?? BEAM_WIDTH
  const searched =
    doubtful.length && width > 1
      ? await searchTexts(start(doubtful), doubtful.length, optionsOf(manifest, width))
      : doubtful.map(() => [])
  return all.map((item) => {
    const others = searched[doubtful.indexOf(item)] ?? []
    const found = others.some((other) => sameText(other, greedy[item]!)) ? others : [greedy[item]!, ...others]
    const best = beam === undefined ? found.find((one) => sameText(one, greedy[item]!))! : mostProbable(found)
    return describe(best, found, positions, manifest, geometries[item]!)
  })
}

function optionsOf(manifest: Manifest, width: number): SearchOptions {
  const { start, end, pad, maxLength } = manifest.attention!
  return { start, end, pad, maxLength, classes: classCount(manifest), activation: manifest.output.activation, width }
}

const sameText = (one: Hypothesis, other: Hypothesis): boolean => one.classes.join() === other.classes.join()

const mostProbable = (found: readonly Hypothesis[]): Hypothesis =>
  found.reduce((best, one) => (one.logProbability > best.logProbability ? one : best))

function describe(
  best: Hypothesis,
  found: readonly Hypothesis[],
  positions: number,
  manifest: Manifest,
  geometry: Geometry
): Written {
  const characterOf = characterOfClass(manifest)
  const textOf = ({ classes }: Hypothesis): string => classes.map(characterOf).join('')
  const posterior = Math.exp(best.logProbability)
  const { confidence, calibrated } = calibrate(posterior, manifest.calibration)
  // Calibration moves probability between the text and all others together.
  const share = calibrated && posterior < 1 ? (1 - confidence) / (1 - posterior) : 1
  const alternatives = found
    .filter((other) => other !== best)
    .map((other) => ({ text: textOf(other), probability: Math.exp(other.logProbability) * share }))
    .filter(({ probability }) => probability >= LEAST_PROBABILITY)
    .sort((a, b) => b.probability - a.probability)
    .slice(0, MOST_ALTERNATIVES - 1)
  const { frames } = manifest.output
  const runs = writtenRuns(best, positions, frames, geometry)
  const isSpace = (at: number): boolean => characterOf(best.classes[at]!) === ' '
  const spans = characterSpans(runs, positions, frames, geometry, isSpace)
  const text = textOf(best)
  return {
    text,
    confidence,
    calibrated,
    characters: runs.map((run, at) => ({
      text: characterOf(run.class),
      confidence: run.confidence,
      start: spans[at]!.start,
      end: spans[at]!.end
    })),
    alternatives: alternatives.length ? [{ text, probability: confidence }, ...alternatives] : []
  }
}

/** The charset's order, with start, end and padding put in at their indices. */
function characterOfClass({ charset, attention }: Manifest): (index: number) => string {
  const special = [attention!.start, attention!.end, attention!.pad]
  return (index) => charset[index - special.filter((at) => at < index).length]!
}
