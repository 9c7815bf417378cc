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
/** Prefixes that most fields do with. */
const FIRST_ROOM = 1024

/** The texts of the `width` best beams, best first, as class indices. */
export function beamTexts(
  { probabilities, count, classes }: Frames,
  blank: number,
  width: number,
  fusion: Fusion | null = null
): (readonly number[])[] {
  prefixes.begin(fusion)
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
    const reached = advance(beams, probabilities, row, blank, likely, frame, fusion)
    beams = prefixes.best(reached, width)
  }
  return beams.map((beam) => prefixes.classesOf(beam))
}

/** All prefixes that some beam of this frame reaches, in the order in which they were met. */
function advance(
  beams: number[],
  probabilities: Float64Array,
  row: number,
  blank: number,
  likely: number[],
  frame: number,
  fusion: Fusion | null
): number[] {
  const reached: number[] = []
  prefixes.makeRoom(beams.length * likely.length)
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
      const longer = prefixes.extend(beam, index, fusion)
      if (prefixes.reach(longer, frame)) reached.push(longer)
      nextCharacter[longer] = nextCharacter[longer]! + from * probabilities[row + index]!
    }
  }
  return reached
}

/** A tree of prefixes, 0 the empty one; numbers a prefix in parallel arrays, which the next search uses again. */
class Prefixes {
  /** Probability of the paths so far that end in a blank, and of those that end in the last character; scaled. */
  afterBlank = new Float64Array(FIRST_ROOM)
  afterCharacter = new Float64Array(FIRST_ROOM)
  nextBlank = new Float64Array(FIRST_ROOM)
  nextCharacter = new Float64Array(FIRST_ROOM)
  last = new Int32Array(FIRST_ROOM)
  private parent = new Int32Array(FIRST_ROOM)
  /** The prefix that was made last of those a character longer, and the one made before it; 0: none. */
  private newestChild = new Int32Array(FIRST_ROOM)
  private olderSibling = new Int32Array(FIRST_ROOM)
  private length = new Int32Array(FIRST_ROOM)
  private frame = new Int32Array(FIRST_ROOM)
  private state = new Int32Array(FIRST_ROOM)
  private cost = new Float64Array(FIRST_ROOM)
  /** What the language model makes of the prefix. */
  private factor = new Float64Array(FIRST_ROOM)
  private count = 0

  begin(fusion: Fusion | null): void {
    this.count = 0
    this.add(-1, -1, 0, fusion?.model.start ?? 0, 0, 1)
    this.afterBlank[0] = 1
  }

  /** So many may be added without the arrays being others afterwards. */
  makeRoom(more: number): void {
    if (this.count + more <= this.last.length) return
    const room = 2 * (this.count + more)
    this.afterBlank = grown(this.afterBlank, new Float64Array(room))
    this.afterCharacter = grown(this.afterCharacter, new Float64Array(room))
    this.nextBlank = grown(this.nextBlank, new Float64Array(room))
    this.nextCharacter = grown(this.nextCharacter, new Float64Array(room))
    this.last = grown(this.last, new Int32Array(room))
    this.parent = grown(this.parent, new Int32Array(room))
    this.newestChild = grown(this.newestChild, new Int32Array(room))
    this.olderSibling = grown(this.olderSibling, new Int32Array(room))
    this.length = grown(this.length, new Int32Array(room))
    this.frame = grown(this.frame, new Int32Array(room))
    this.state = grown(this.state, new Int32Array(room))
    this.cost = grown(this.cost, new Float64Array(room))
    this.factor = grown(this.factor, new Float64Array(room))
  }

  extend(prefix: number, index: number, fusion: Fusion | null): number {
    for (let child = this.newestChild[prefix]!; child; child = this.olderSibling[child]!)
      if (this.last[child] === index) return child
    const length = this.length[prefix]! + 1
    if (!fusion) return this.add(prefix, index, length, 0, 0, 1)
    const { model, symbols, weight, lengthBonus } = fusion
    const before = this.state[prefix]!
    const symbol = symbols[index]!
    const cost = this.cost[prefix]! + model.cost(before, symbol)
    const factor = Math.exp((-cost / STEPS) * weight + length * lengthBonus)
    return this.add(prefix, index, length, model.next(before, symbol), cost, factor)
  }

  private add(parent: number, last: number, length: number, state: number, cost: number, factor: number): number {
    const added = this.count++
    this.parent[added] = parent
    this.last[added] = last
    this.newestChild[added] = 0
    if (parent >= 0) {
      this.olderSibling[added] = this.newestChild[parent]!
      this.newestChild[parent] = added
    }
    this.length[added] = length
    this.frame[added] = -1
    this.state[added] = state
    this.cost[added] = cost
    this.factor[added] = factor
    this.afterBlank[added] = this.afterCharacter[added] = 0
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
    const kept: number[] = []
    const scores: number[] = []
    for (const prefix of reached) {
      const score = (this.nextBlank[prefix]! + this.nextCharacter[prefix]!) * this.factor[prefix]!
      if (kept.length === width && !(score > scores[width - 1]!)) continue
      let at = Math.min(kept.length, width - 1)
      for (; at > 0 && score > scores[at - 1]!; at--) {
        kept[at] = kept[at - 1]!
        scores[at] = scores[at - 1]!
      }
      kept[at] = prefix
      scores[at] = score
    }
    let highest = 0
    for (const prefix of kept) highest = Math.max(highest, this.nextBlank[prefix]! + this.nextCharacter[prefix]!)
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

function grown<Numbers extends Float64Array | Int32Array>(before: Numbers, after: Numbers): Numbers {
  after.set(before)
  return after
}

/** One search at a time: nothing waits within it. */
const prefixes = new Prefixes()
