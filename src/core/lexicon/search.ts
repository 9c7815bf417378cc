/** The texts of a list that fit an image best: CTC prefix beam search that follows the list's tree only. */
import type { Frames } from '../decode'
import type { Trie } from './trie'

/** Classes less likely than this in a frame are not followed: what a lattice does not list. */
const UNLIKELY = 1e-5
const SURELY_BLANK = 1 - 1e-3

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
  let beam: Beam = { nodes: [0], depths: [0], closed: [1], open: [0] }
  for (let frame = 0; frame < count; frame++) {
    const row = frame * classes
    if (probabilities[row + blank]! > SURELY_BLANK) {
      beam.closed = beam.closed.map((closed, at) => closed + beam.open[at]!)
      beam.open.fill(0)
      continue
    }
    beam = best(advance(trie, beam, probabilities, row, blank, prefix), width)
  }
  const ended = beam.nodes
    .map((node, at) => ({ node, depth: beam.depths[at]!, probability: beam.closed[at]! + beam.open[at]! }))
    .filter(({ node, depth }) => trie.count(node) > 0 && depth >= prefix.length)
  return ended.slice(0, most).map(({ node }) => trie.classesTo(node))
}

/** Nodes of the tree in parallel arrays; `closed`: probability of paths that end in a blank, `open`: in the node's class. */
interface Beam {
  nodes: number[]
  depths: number[]
  closed: number[]
  open: number[]
}

function advance(
  trie: Trie,
  beam: Beam,
  probabilities: Float64Array,
  row: number,
  blank: number,
  prefix: readonly number[]
): Beam {
  const next: Beam = { nodes: [], depths: [], closed: [], open: [] }
  const places = new Map<number, number>()
  const placeOf = (node: number, depth: number): number => {
    let place = places.get(node)
    if (place === undefined) {
      place = next.nodes.length
      places.set(node, place)
      next.nodes.push(node)
      next.depths.push(depth)
      next.closed.push(0)
      next.open.push(0)
    }
    return place
  }
  for (let at = 0; at < beam.nodes.length; at++) {
    const node = beam.nodes[at]!
    const depth = beam.depths[at]!
    const closed = beam.closed[at]!
    const open = beam.open[at]!
    const all = closed + open
    const last = node ? trie.classOf(node) : -1
    const stay = placeOf(node, depth)
    next.closed[stay]! += all * probabilities[row + blank]!
    if (node) next.open[stay]! += open * probabilities[row + last]!
    for (let child = trie.firstChild(node); child; child = trie.nextSibling(child)) {
      const index = trie.classOf(child)
      const probability = probabilities[row + index]!
      // What a person typed is not for the image to doubt.
      const typed = depth < prefix.length
      if (typed ? index !== prefix[depth] : probability < UNLIKELY) continue
      const from = index === last ? closed : all
      if (from > 0) next.open[placeOf(child, depth + 1)]! += from * probability
    }
  }
  return next
}

/** The likeliest, rescaled so that nothing underflows. */
function best(beam: Beam, width: number): Beam {
  const order = beam.nodes
    .map((_, at) => at)
    .sort((a, b) => beam.closed[b]! + beam.open[b]! - (beam.closed[a]! + beam.open[a]!))
    .slice(0, width)
  const highest = beam.closed[order[0]!]! + beam.open[order[0]!]! || 1
  return {
    nodes: order.map((at) => beam.nodes[at]!),
    depths: order.map((at) => beam.depths[at]!),
    closed: order.map((at) => beam.closed[at]! / highest),
    open: order.map((at) => beam.open[at]! / highest)
  }
}
