/**
 * Texts that a model may have seen, by CTC prefix beam search (Hannun et al. 2014), with a language model where there is
 * one. The same, step by step, as training/nomina_training/decoding/beam.py: on ties the prefix that was met first wins.
 */
import type { Frames } from './frames'
import type { Fusion } from './fusion'
import { STEPS } from './language-model'

/** Classes less likely than this in a frame open no new beam. */
const UNLIKELY = 1e-3
/** Frames between characters only close the beams. */
const SURELY_BLANK = 1 - 1e-3

/** The texts of the `width` best beams, best first, as class indices. */
export function beamTexts(
  { probabilities, count, classes }: Frames,
  blank: number,
  width: number,
  fusion: Fusion | null = null
): (readonly number[])[] {
  const prefixes = new Prefixes(classes, fusion)
  let beams = [0]
  const likely: number[] = []
  for (let frame = 0; frame < count; frame++) {
    const row = frame * classes
    if (probabilities[row + blank]! > SURELY_BLANK) {
      for (const beam of beams) prefixes.close(beam)
      continue
    }
    likely.length = 0
    for (let index = 0; index < classes; index++) {
      if (index !== blank && probabilities[row + index]! > UNLIKELY) likely.push(index)
    }
    beams = advance(prefixes, beams, probabilities, row, blank, likely, frame)
    beams = prefixes.best(beams, width)
  }
  return beams.map((beam) => prefixes.classesOf(beam))
}

/** All prefixes that some beam of this frame reaches, in the order in which they were met. */
function advance(
  prefixes: Prefixes,
  beams: number[],
  probabilities: Float64Array,
  row: number,
  blank: number,
  likely: number[],
  frame: number
): number[] {
  const reached: number[] = []
  const { afterBlank, afterCharacter, nextBlank, nextCharacter, last } = prefixes
  for (const beam of beams) {
    const closed = afterBlank[beam]!
    const open = afterCharacter[beam]!
    const all = closed + open
    if (prefixes.reach(beam, frame)) reached.push(beam)
    nextBlank[beam] = nextBlank[beam]! + all * probabilities[row + blank]!
    if (beam) nextCharacter[beam] = nextCharacter[beam]! + open * probabilities[row + last[beam]!]!
    for (const index of likely) {
      // The same character again is a new one only after a blank.
      const from = index === last[beam] ? closed : all
      if (from <= 0) continue
      const longer = prefixes.extend(beam, index)
      if (prefixes.reach(longer, frame)) reached.push(longer)
      nextCharacter[longer] = nextCharacter[longer]! + from * probabilities[row + index]!
    }
  }
  return reached
}

/** A tree of prefixes, 0 the empty one; numbers a prefix in parallel arrays. */
class Prefixes {
  /** Probability of the paths so far that end in a blank, and of those that end in the last character; scaled. */
  readonly afterBlank: number[] = [1]
  readonly afterCharacter: number[] = [0]
  readonly nextBlank: number[] = [0]
  readonly nextCharacter: number[] = [0]
  readonly last: number[] = [-1]
  private readonly parent: number[] = [-1]
  private readonly length: number[] = [0]
  private readonly frame: number[] = [-1]
  private readonly state: number[]
  private readonly cost: number[] = [0]
  /** What the language model makes of the prefix. */
  private readonly factor: number[] = [1]
  private readonly children = new Map<number, number>()

  constructor(
    private readonly classes: number,
    private readonly fusion: Fusion | null
  ) {
    this.state = [fusion?.model.start ?? 0]
  }

  extend(prefix: number, index: number): number {
    const key = prefix * this.classes + index
    const known = this.children.get(key)
    if (known !== undefined) return known
    const added = this.last.length
    this.children.set(key, added)
    const length = this.length[prefix]! + 1
    let [state, cost, factor] = [0, 0, 1]
    if (this.fusion) {
      const { model, symbols, weight, lengthBonus } = this.fusion
      const symbol = symbols[index]!
      cost = this.cost[prefix]! + model.cost(this.state[prefix]!, symbol)
      state = model.next(this.state[prefix]!, symbol)
      factor = Math.exp((-cost / STEPS) * weight + length * lengthBonus)
    }
    this.parent.push(prefix)
    this.last.push(index)
    this.length.push(length)
    this.frame.push(-1)
    this.state.push(state)
    this.cost.push(cost)
    this.factor.push(factor)
    this.afterBlank.push(0)
    this.afterCharacter.push(0)
    this.nextBlank.push(0)
    this.nextCharacter.push(0)
    return added
  }

  /** Whether the prefix is met for the first time in this frame; its next numbers are 0 then. */
  reach(prefix: number, frame: number): boolean {
    if (this.frame[prefix] === frame) return false
    this.frame[prefix] = frame
    this.nextBlank[prefix] = this.nextCharacter[prefix] = 0
    return true
  }

  /** A frame that is surely blank. */
  close(prefix: number): void {
    this.afterBlank[prefix] = this.afterBlank[prefix]! + this.afterCharacter[prefix]!
    this.afterCharacter[prefix] = 0
  }

  /** The best of those reached, their next numbers taken over, rescaled so that nothing underflows over many frames. */
  best(reached: number[], width: number): number[] {
    const scoreOf = (prefix: number): number =>
      (this.nextBlank[prefix]! + this.nextCharacter[prefix]!) * this.factor[prefix]!
    const kept = reached
      .map((prefix) => ({ prefix, score: scoreOf(prefix) }))
      .sort((a, b) => b.score - a.score)
      .slice(0, width)
      .map(({ prefix }) => prefix)
    const highest = kept.reduce(
      (most, prefix) => Math.max(most, this.nextBlank[prefix]! + this.nextCharacter[prefix]!),
      0
    )
    const scale = highest > 0 ? highest : 1
    for (const prefix of kept) {
      this.afterBlank[prefix] = this.nextBlank[prefix]! / scale
      this.afterCharacter[prefix] = this.nextCharacter[prefix]! / scale
    }
    return kept
  }

  classesOf(prefix: number): number[] {
    const classes: number[] = []
    for (let at = prefix; at > 0; at = this.parent[at]!) classes.push(this.last[at]!)
    return classes.reverse()
  }
}
