/**
 * A character n-gram language model, read from its file and asked one character at a time. The file is made by
 * `nomina-train language-model`; its layout is told in training/nomina_training/decoding/language_model/model.py.
 */
import { readFileSync } from 'node:fs'
import { messageOf, NominaError } from '../../shared/failure'

/** Costs a nat: a cost c is e^(−c / 16). Sums of costs are whole numbers, the same for every reader of the file. */
export const STEPS = 16
/** Answers that are kept: 64 kB. */
const PLACES = 1 << 12
const PLACE_SHIFT = 32 - 12
const BEGIN = '\u0002'
const END = '\u0003'

/** A state is the node of the longest context that the model knows; 0 knows none. */
export interface LanguageModel {
  order: number
  /** Before the first character. */
  start: number
  end: number
  /** −1 where the model does not know the character. */
  symbolOf(character: string): number
  /** Cost of a symbol after a state; `next` gives the state after it. */
  cost(state: number, symbol: number): number
  next(state: number, symbol: number): number
  /** Of a whole text and its end. */
  textCost(text: string): number
}

/** @throws NominaError `refused` where the file can't be read or is none */
export function readLanguageModel(path: string): LanguageModel {
  try {
    return parseLanguageModel(readFileSync(path))
  } catch (error) {
    throw new NominaError('refused', `The language model ${path} can’t be used: ${messageOf(error)}.`)
  }
}

interface Nodes {
  /** Children of node n are first[n] … first[n + 1] − 1, by symbol. */
  first: Uint32Array
  symbols: Uint16Array
  costs: Uint8Array
  backoffs: Uint8Array
  /** The node of the same n-gram without its first symbol. */
  suffixes: Uint32Array
}

interface Head {
  order: number
  symbols: string[]
  counts: number[]
  unknown: number
}

/** @throws Error with what is wrong with the bytes */
export function parseLanguageModel(bytes: Buffer): LanguageModel {
  const { head, nodes, deepest } = parse(bytes)
  const { first, symbols, costs, backoffs, suffixes } = nodes
  const bySymbol = new Map(head.symbols.map((symbol, index) => [symbol, index]))

  const childOf = (node: number, symbol: number): number => {
    let low = first[node]!
    let high = first[node + 1]!
    while (low < high) {
      const middle = (low + high) >>> 1
      if (symbols[middle]! < symbol) low = middle + 1
      else high = middle
    }
    return low < first[node + 1]! && symbols[low] === symbol ? low : 0
  }
  // The same is asked again and again: a place for each question, where the last answer lies that belongs there.
  const places = new Int32Array(PLACES * 4).fill(-1)
  /** @returns where the cost stands, and after it the next state */
  const answer = (state: number, symbol: number): number => {
    const at = ((Math.imul(state, 0x9e3779b1) + Math.imul(symbol, 0x85ebca6b)) >>> PLACE_SHIFT) * 4
    if (places[at] === state && places[at + 1] === symbol) return at + 2
    let total = 0
    let node = state
    let child = childOf(node, symbol)
    for (; !child && node !== 0; child = childOf(node, symbol)) {
      total += backoffs[node]!
      node = suffixes[node]!
    }
    places[at] = state
    places[at + 1] = symbol
    places[at + 2] = total + (child ? costs[child]! : head.unknown)
    places[at + 3] = child >= deepest ? suffixes[child]! : child
    return at + 2
  }
  const cost = (state: number, symbol: number): number => places[answer(state, symbol)]!
  const next = (state: number, symbol: number): number => places[answer(state, symbol) + 1]!
  const start = next(0, bySymbol.get(BEGIN) ?? -1)
  const end = bySymbol.get(END) ?? -1
  const symbolOf = (character: string): number => bySymbol.get(character) ?? -1
  const textCost = (text: string): number => {
    let state = start
    let total = 0
    for (const character of text) {
      const symbol = symbolOf(character)
      total += cost(state, symbol)
      state = next(state, symbol)
    }
    return total + cost(state, end)
  }
  return { order: head.order, start, end, symbolOf, cost, next, textCost }
}

function parse(bytes: Buffer): { head: Head; nodes: Nodes; deepest: number } {
  if (bytes.toString('latin1', 0, 4) !== 'NLM1') throw new Error('it does not begin with NLM1')
  const length = bytes.readUInt32LE(4)
  const head = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Head
  const { order, counts } = head
  if (counts.length !== order || head.symbols.length > 65_535) throw new Error('its head does not fit its order')
  const total = counts.reduce((sum, count) => sum + count, 1)
  const nodes: Nodes = {
    first: new Uint32Array(total + 1),
    symbols: new Uint16Array(total),
    costs: new Uint8Array(total),
    backoffs: new Uint8Array(total),
    suffixes: new Uint32Array(total)
  }
  const wide = head.symbols.length > 256
  let at = 8 + length
  let node = 1
  nodes.first[0] = 1
  counts.forEach((count, level) => {
    const begin = at
    const below = node + count
    const isLast = level === order - 1
    if (at + count * (isLast ? 2 : 7) > bytes.length) throw new Error('it is cut off')
    for (let index = 0; index < count; index++) {
      nodes.first[node + index] = below + (isLast ? 0 : bytes.readUInt32LE(at + index * 4))
    }
    if (!isLast) at += (count + 1) * 4
    for (let index = 0; index < count; index++) {
      nodes.symbols[node + index] = wide ? bytes.readUInt16LE(at + index * 2) : bytes[at + index]!
    }
    at += count * (wide ? 2 : 1)
    nodes.costs.set(bytes.subarray(at, at + count), node)
    at += count
    if (!isLast) {
      nodes.backoffs.set(bytes.subarray(at, at + count), node)
      at += count
    }
    at += (4 - ((at - begin) % 4)) % 4
    node = below
  })
  nodes.first[total] = total
  fillSuffixes(nodes, total)
  return { head, nodes, deepest: total - counts[order - 1]! }
}

/** A node's children are among those of its suffix: both are sorted, so one pass finds them. */
function fillSuffixes({ first, symbols, suffixes }: Nodes, total: number): void {
  for (let node = 1; node < total; node++) {
    const suffix = suffixes[node]!
    let other = first[suffix]!
    const otherEnd = first[suffix + 1]!
    for (let child = first[node]!; child < first[node + 1]!; child++) {
      while (other < otherEnd && symbols[other]! < symbols[child]!) other++
      if (other === otherEnd || symbols[other] !== symbols[child]) throw new Error('it lacks the end of an n-gram')
      suffixes[child] = other
    }
  }
}
