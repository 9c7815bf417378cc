/** What a CTC network said of one field, kept small, so that texts can be scored without reading the image again. */
import type { Frames } from './frames'
import { logPosteriorOf } from './posterior'
import { classesOf } from './texts'

export interface Lattice {
  frames: number
  /** The charset's characters and the blank. */
  classes: number
  blank: number
  charset: string[]
  /** [frames × classes], row by row: natural logarithms; the exponentials of a row sum to 1. */
  logProbabilities: Float32Array
}

/**
 * The packed form. Head: version (1 byte), bytes a class (1), classes (2), frames (4). A frame: its most probable class,
 * how many others follow, the probability of all that are not listed; then each other with its probability. What is
 * listed takes e^(−q / 20), the unlisted together e^(−q / 16), shared evenly; the first class gets what is left.
 */
const VERSION = 1
const HEAD_BYTES = 8
const LISTED_STEPS = 20
const UNLISTED_STEPS = 16
/** Classes less likely than this in their frame are not listed: e^(−255 / 20) is 3e-6. */
const LEAST_LISTED = 1e-5
const MOST_LISTED = 255

/** Used again by every call. */
let packing = Buffer.alloc(0)

export function packFrames({ probabilities, count, classes }: Frames): Buffer {
  const wide = classes > 256
  const entryBytes = wide ? 3 : 2
  const most = HEAD_BYTES + count * (entryBytes + 1 + Math.min(classes, MOST_LISTED) * entryBytes)
  if (packing.length < most) packing = Buffer.allocUnsafe(2 * most)
  const bytes = packing
  bytes.writeUInt8(VERSION, 0)
  bytes.writeUInt8(wide ? 2 : 1, 1)
  bytes.writeUInt16LE(classes, 2)
  bytes.writeUInt32LE(count, 4)
  let at = HEAD_BYTES
  const putClass = (index: number): void => {
    bytes[at++] = index & 0xff
    if (wide) bytes[at++] = index >> 8
  }
  for (let frame = 0; frame < count; frame++) {
    const row = frame * classes
    let top = 0
    let highest = probabilities[row]!
    for (let index = 1; index < classes; index++) {
      const probability = probabilities[row + index]!
      if (probability > highest) {
        top = index
        highest = probability
      }
    }
    const least = leastListed(probabilities, row, classes)
    putClass(top)
    const countAt = at++
    const unlistedAt = at++
    let listed = 0
    let unlisted = 0
    for (let index = 0; index < classes; index++) {
      if (index === top) continue
      const probability = probabilities[row + index]!
      if (probability < least || listed === MOST_LISTED) {
        unlisted += probability
        continue
      }
      listed++
      putClass(index)
      bytes[at++] = steps(probability, LISTED_STEPS)
    }
    bytes[countAt] = listed
    bytes[unlistedAt] = steps(unlisted, UNLISTED_STEPS)
  }
  return Buffer.from(bytes.subarray(0, at))
}

/** @throws RangeError where the bytes are no packed lattice of this charset */
export function unpackLattice(bytes: Buffer, charset: string[], blank: number): Lattice {
  const classes = charset.length + 1
  if (bytes.length < HEAD_BYTES || bytes[0] !== VERSION || bytes.readUInt16LE(2) !== classes) {
    throw new RangeError(`These ${bytes.length} bytes are no lattice of ${classes} classes.`)
  }
  const wide = bytes[1] === 2
  const frames = bytes.readUInt32LE(4)
  const logProbabilities = new Float32Array(frames * classes)
  const row = new Float64Array(classes)
  let at = HEAD_BYTES
  const nextClass = (): number => {
    const index = wide ? bytes.readUInt16LE(at) : bytes.readUInt8(at)
    at += wide ? 2 : 1
    return index
  }
  for (let frame = 0; frame < frames; frame++) {
    const top = nextClass()
    const listed = bytes[at++]!
    const unlisted = Math.exp(-bytes[at++]! / UNLISTED_STEPS)
    const others = classes - 1 - listed
    row.fill(others > 0 ? unlisted / others : 0)
    let sum = others > 0 ? unlisted : 0
    let highest = 0
    for (let entry = 0; entry < listed; entry++) {
      const index = nextClass()
      const probability = Math.exp(-bytes[at++]! / LISTED_STEPS)
      row[index] = probability
      sum += probability
      if (probability > highest) highest = probability
    }
    // Rounding must not push the best class below the second.
    row[top] = Math.max(1 - sum, highest)
    const scale = Math.log(sum + row[top])
    for (let index = 0; index < classes; index++)
      logProbabilities[frame * classes + index] = Math.log(row[index]!) - scale
  }
  return { frames, classes, blank, charset, logProbabilities }
}

const unpacked = new WeakMap<Lattice, Frames>()

/** The same as probabilities, for decoding; made once a lattice. */
export function framesOfLattice(lattice: Lattice): Frames {
  let frames = unpacked.get(lattice)
  if (!frames) {
    const probabilities = Float64Array.from(lattice.logProbabilities, Math.exp)
    unpacked.set(lattice, (frames = { probabilities, count: lattice.frames, classes: lattice.classes }))
  }
  return frames
}

/** Natural logarithm of the CTC probability of a text over all paths; −∞ where it has a character outside the charset. */
export function textLogProbability(lattice: Lattice, text: string): number {
  const classes = classesOf(text, lattice.charset, lattice.blank)
  return classes ? logPosteriorOf(classes, framesOfLattice(lattice), lattice.blank) : -Infinity
}

const steps = (probability: number, perNat: number): number =>
  probability > 0 ? Math.min(255, Math.max(0, Math.round(-Math.log(probability) * perNat))) : 255

/** Lower than any but the likeliest that there is room for. */
function leastListed(probabilities: Float64Array, row: number, classes: number): number {
  if (classes <= MOST_LISTED) return LEAST_LISTED
  const sorted = probabilities.slice(row, row + classes).sort()
  return Math.max(LEAST_LISTED, sorted[classes - MOST_LISTED]!)
}
