import { describe, expect, it } from 'vitest'
import { beamTexts, posteriorOf, type Frames } from '../../src/reading/decode'
import { packFrames, textLogProbability, unpackLattice } from '../../src/reading/decode/lattice'
import { classesOf, textOf } from '../../src/reading/decode/texts'

const charset = [..." '-ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
const characters = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => String.fromCodePoint(0x4e00 + index))

/** As a trained network: most frames surely blank, every sixth between a few characters. The same at every call. */
function spoken(count: number, classes: number, seed: number): Frames {
  let state = seed
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  const probabilities = new Float64Array(count * classes)
  for (let frame = 0; frame < count; frame++) {
    const row = probabilities.subarray(frame * classes, (frame + 1) * classes)
    const sharpness = frame % 6 === 2 ? 12 : 30
    const peak = frame % 6 === 2 ? 1 + Math.floor(next() * (classes - 1)) : 0
    for (let index = 0; index < classes; index++)
      row[index] = Math.exp(-sharpness * (index === peak ? 0.1 : 0.5 + 0.5 * next()))
    const sum = row.reduce((a, b) => a + b)
    for (let index = 0; index < classes; index++) row[index] = row[index]! / sum
  }
  return { probabilities, count, classes }
}

describe('a packed lattice', () => {
  it.each([
    [charset, 0],
    [charset, 29],
    [characters(400), 0]
  ])('scores texts as the network’s own numbers do (case %#)', (letters, blank) => {
    for (let seed = 1; seed <= 8; seed++) {
      const frames = spoken(64, letters.length + 1, seed)
      const bytes = packFrames(frames)
      const lattice = unpackLattice(bytes, letters, blank)
      for (const classes of beamTexts(frames, blank, 8)) {
        const exact = Math.log(posteriorOf(classes, frames, blank))
        // Probabilities are kept to ± 2.5 % a class and frame: over a field they average out.
        expect(Math.abs(textLogProbability(lattice, textOf(classes, letters, blank)) - exact)).toBeLessThan(0.15)
      }
    }
  })

  it('has rows that sum to 1, and keeps the best class the best', () => {
    const classes = 4
    const rows = [
      [0.25, 0.25, 0.25, 0.25],
      [0.501, 0.499, 0, 0],
      [1, 0, 0, 0],
      [0.2, 0.1, 0.3, 0.4]
    ]
    const frames = { probabilities: Float64Array.from(rows.flat()), count: rows.length, classes }
    const lattice = unpackLattice(packFrames(frames), ['A', 'B', 'C'], 0)
    rows.forEach((expected, frame) => {
      const row = [...lattice.logProbabilities.slice(frame * classes, (frame + 1) * classes)].map(Math.exp)
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 5)
      expect(row.indexOf(Math.max(...row))).toBe(expected.indexOf(Math.max(...expected)))
    })
  })

  it('takes some hundred bytes, not one for every class and frame', () => {
    expect(packFrames(spoken(64, 30, 3)).length).toBeLessThan(1000)
  })

  it('says of a text that cannot be written that it is impossible', () => {
    const lattice = unpackLattice(packFrames(spoken(12, 30, 5)), charset, 0)
    expect(textLogProbability(lattice, 'é')).toBe(-Infinity)
    expect(textLogProbability(lattice, 'AAAAAAAAAAAAA')).toBe(-Infinity) // more than its frames
    expect(textLogProbability(lattice, '')).toBeGreaterThan(-Infinity)
  })

  it('refuses bytes of another charset', () => {
    expect(() => unpackLattice(packFrames(spoken(4, 30, 1)), ['A'], 0)).toThrow(RangeError)
    expect(() => unpackLattice(Buffer.alloc(3), charset, 0)).toThrow(RangeError)
  })
})

describe('texts as classes', () => {
  it('leaves room for the blank and composes characters', () => {
    expect(classesOf('AÉ', ['A', 'É'], 1)).toEqual([0, 2])
    expect(classesOf('E\u0301', ['É'], 0)).toEqual([1])
    expect(classesOf('x', ['A'], 0)).toBeNull()
  })

  it('takes the longest entry of a charset with several letters in one', () => {
    expect(classesOf('CHC', ['C', 'H', 'CH'], 0)).toEqual([3, 1])
  })
})
