import { describe, expect, it } from 'vitest'
import { align, differences, graphemes } from '../../src/renderer/src/lib/alignment'
import {
  doubtfulBands,
  firstSelection,
  nextDoubt,
  placeCells,
  spread,
  weighed
} from '../../src/renderer/src/views/review/cells'
import { caretPlace, placeOnScreen } from '../../src/renderer/src/views/review/layout'

/** A reading whose characters are 10 px wide, from 100 px on; the named places are doubtful. */
const read = (text: string, ...doubtful: number[]) =>
  [...text].map((character, index) => ({
    text: character,
    confidence: doubtful.includes(index) ? 0.4 : 0.99,
    start: 100 + index * 10,
    end: 110 + index * 10
  }))
const centres = (text: string, reading: string, width = 400) =>
  placeCells(text, read(reading), width).map((cell) => cell.centre)

describe('alignment', () => {
  it('replaces rather than deletes and inserts', () => {
    expect(align([...'OSTREVIM'], [...'OSTREVIN']).every((step) => step.from === step.to)).toBe(true)
  })
  it('prefers the same letter with an accent to any other', () => {
    const steps = align([...'RENE'], ['R', 'É', 'E'])
    expect(steps.find((step) => step.to === 1)?.from).toBe(1)
  })
  it('counts a letter with combining accents as one character', () => {
    expect(graphemes('E\u0301A')).toEqual(['E\u0301', 'A'])
  })
  it('marks what differs in one text against another', () => {
    const marked = differences('MARYELIAN', 'MARVELIAN').map((character) => character.differs)
    expect(marked).toEqual([false, false, false, true, false, false, false, false, false])
    expect(differences('ABBC', 'ABC').filter((character) => character.differs)).toHaveLength(1)
    expect(differences('MARVELAN', 'MARVELLAN').filter(({ missing }) => missing === 'L')).toHaveLength(1)
    expect(
      differences('AXC', 'ABCD')
        .map(({ text, differs }) => (differs ? `[${text}]` : text))
        .join('')
    ).toBe('A[X]C[]')
  })
})

describe('doubt', () => {
  const sure = (reading: string, others: Record<string, number>): number[] =>
    weighed(
      read(reading),
      Object.entries({ [reading]: 0.4, ...others }).map(([text, probability]) => ({ text, probability }))
    ).map(({ confidence }) => Math.round(confidence * 100))
  it('is on what other readings have otherwise', () => {
    expect(sure('ANNA', { ANNE: 0.3, HANNA: 0.1 })).toEqual([90, 99, 99, 70])
  })
  it('is on both sides of what may be missing, and on what may be too much', () => {
    expect(sure('JEANLUC', { 'JEAN LUC': 0.28, 'JEAN-LUC': 0.09 })).toEqual([99, 99, 99, 63, 63, 99, 99])
    expect(sure('DE LA', { DELA: 0.5 })).toEqual([99, 99, 50, 99, 99])
  })
  it('is the character’s own where no reading contests it', () => {
    expect(weighed(read('AB', 1), []).map(({ confidence }) => confidence)).toEqual([0.99, 0.4])
  })
})

describe('characters under their ink', () => {
  it('stand in the middle of the pixels they were read from', () => {
    expect(centres('ABC', 'ABC')).toEqual([105, 115, 125])
  })
  it('keep their places when one of them is replaced', () => {
    expect(centres('AXC', 'ABC')).toEqual([105, 115, 125])
  })
  it('keep their places when one is typed between, which stands between its neighbours', () => {
    expect(centres('ABXC', 'ABC')).toEqual([105, 115, 120, 125])
  })
  it('keep their places when one is deleted', () => {
    expect(centres('AC', 'ABC')).toEqual([105, 125])
  })
  it('go on at the same pitch beyond both ends', () => {
    expect(centres('XYABCZ', 'ABC')).toEqual([85, 95, 105, 115, 125, 135])
  })
  it('stand in the middle of a crop of which nothing was read', () => {
    const places = centres('AB', '', 400)
    expect((places[0]! + places[1]!) / 2).toBe(200)
  })
  it('know their place in the text as an input counts it', () => {
    expect(placeCells('E\u0301A𝒳B', [], 100).map((cell) => cell.offset)).toEqual([0, 2, 3, 5])
  })
  it('are doubtful only while they are as they were read', () => {
    const characters = read('ABC', 1)
    expect(placeCells('ABC', characters, 400).map((cell) => cell.doubtful)).toEqual([false, true, false])
    expect(placeCells('AXC', characters, 400).some((cell) => cell.doubtful)).toBe(false)
    expect(doubtfulBands(placeCells('ABC', characters, 400), characters)).toEqual([characters[1]])
    expect(doubtfulBands(placeCells('AXC', characters, 400), characters)).toEqual([])
  })
})

describe('doubtful characters by key', () => {
  const cells = placeCells('ABCDE', read('ABCDE', 1, 3), 400)
  it('the first is selected on arrival, so that typing replaces it', () => {
    expect(firstSelection(cells, 'ABCDE')).toEqual({ start: 1, end: 2 })
    expect(firstSelection(placeCells('ABC', read('ABC'), 400), 'ABC')).toEqual({ start: 3, end: 3 })
  })
  it('go round and round, both ways', () => {
    expect(nextDoubt(cells, { start: 1, end: 2 }, 1)).toEqual({ start: 3, end: 4 })
    expect(nextDoubt(cells, { start: 3, end: 4 }, 1)).toEqual({ start: 1, end: 2 })
    expect(nextDoubt(cells, { start: 1, end: 2 }, -1)).toEqual({ start: 3, end: 4 })
    expect(nextDoubt(cells, { start: 3, end: 3 }, -1)).toEqual({ start: 1, end: 2 })
    expect(nextDoubt(placeCells('ABC', read('ABC'), 400), { start: 0, end: 0 }, 1)).toBeNull()
  })
})

describe('places on the screen', () => {
  const gaps = (places: number[]) => places.slice(1).map((place, index) => place - places[index]!)

  it('leaves alone what does not overlap', () => {
    expect(spread([50, 100, 150], [20, 20, 20], 0, 200)).toEqual([50, 100, 150])
  })
  it('moves apart what overlaps, about where it was', () => {
    expect(spread([100, 100], [20, 20], 0, 200)).toEqual([90, 110])
  })
  it('keeps within the room at both ends', () => {
    expect(spread([0, 1], [20, 20], 0, 200)).toEqual([10, 30])
    expect(spread([199, 200], [20, 20], 0, 200)).toEqual([170, 190])
  })
  it('overlaps evenly where the room is too small', () => {
    const places = spread([10, 10, 10, 10], [20, 20, 20, 20], 0, 40)
    expect(places[0]).toBe(5)
    expect(gaps(places)).toEqual([10, 10, 10])
  })
  it('shrinks forty characters until they fit', () => {
    const text = 'ABCDEFGHIJ'.repeat(4)
    const cells = placeCells(text, read(text), 500)
    const placed = placeOnScreen(cells, { scale: 1.6, origin: 0, room: 800, fontSize: 38 }, (_, size) => size * 0.65)
    expect(placed.fontSize).toBeLessThan(38)
    expect(placed.cells[0]!.left).toBeGreaterThanOrEqual(-0.01)
    expect(placed.cells.at(-1)!.left + placed.cells.at(-1)!.width).toBeLessThanOrEqual(800.01)
    expect(caretPlace(placed.cells, 0, 400)).toBe(placed.cells[0]!.left)
    expect(caretPlace([], 0, 400)).toBe(400)
  })
})
