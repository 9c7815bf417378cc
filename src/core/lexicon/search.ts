/** The texts of a list that fit an image best: CTC prefix beam search that follows the list's tree only. */
import type { Frames } from '../../reading/decode'
import type { Trie } from './trie'

/** Classes less likely than this in a frame are not followed: what a lattice does not list. */
const UNLIKELY = 1e-5
const SURELY_BLANK = 1 - 1e-3
/** Beams so much less likely than the best of the frame before are let go. */
const HOPELESS = 1e-9

export interface SearchOptions {
  /** Prefixes that are followed. */
  width: number
  /** Texts that are given, at most. */
  most: number
  /** Only texts that begin with these classes. */
  prefix?: readonly number[]
}

/** As class indices, best first. */
export function bestTexts(
  trie: Trie,
  { probabilities, count, classes }: Frames,
  blank: number,
  { width, most, prefix = [] }: SearchOptions
): number[][] {
  let beams: Beam[] = [{ node: 0, depth: 0, closed: 1, open: 0 }]
  for (let frame = 0; frame < count; frame++) {
    const row = probabilities.subarray(frame * classes, (frame + 1) * classes)
    if (row[blank]! > SURELY_BLANK) {
      for (const beam of beams) {
        beam.closed += beam.open
        beam.open = 0
      }
    } else beams = best(advance(trie, beams, row, blank, prefix), width)
  }
  return beams
    .filter(({ node, depth }) => trie.count(node) > 0 && depth >= prefix.length)
    .slice(0, most)
    .map(({ node }) => trie.classesTo(node))
}

/** A node of the tree; `closed`: probability of paths that end in a blank, `open`: in the node's class. */
interface Beam {
  node: number
  depth: number
  closed: number
  open: number
}

function advance(trie: Trie, beams: Beam[], row: Float64Array, blank: number, prefix: readonly number[]): Beam[] {
  const next = new Map<number, Beam>()
  const reach = (node: number, depth: number): Beam => {
    let beam = next.get(node)
    if (!beam) next.set(node, (beam = { node, depth, closed: 0, open: 0 }))
    return beam
  }
  for (const { node, depth, closed, open } of beams) {
    const all = closed + open
    const last = node ? trie.classOf(node) : -1
    const stay = reach(node, depth)
    stay.closed += all * row[blank]!
    if (node) stay.open += open * row[last]!
    // What a person typed is not for the image to doubt.
    const typed = depth < prefix.length ? prefix[depth]! : -1
    for (let child = trie.firstChild(node); child; child = trie.nextSibling(child)) {
      const index = trie.classOf(child)
      const probability = row[index]!
      if (typed === -1 ? probability < UNLIKELY : index !== typed) continue
      const grown = (index === last ? closed : all) * probability
      if (grown > (typed === -1 ? HOPELESS : 0)) reach(child, depth + 1).open += grown
    }
  }
  return [...next.values()]
}

/** The likeliest, rescaled so that nothing underflows. */
function best(beams: Beam[], width: number): Beam[] {
  let highest = 0
  for (const { closed, open } of beams) highest = Math.max(highest, closed + open)
  const least = highest * HOPELESS
  const kept = beams
    .filter(({ closed, open }) => closed + open > least)
    .sort((a, b) => b.closed + b.open - (a.closed + a.open))
    .slice(0, width)
  for (const beam of kept) {
    beam.closed /= highest
    beam.open /= highest
  }
  return kept
}
