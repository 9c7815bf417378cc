import { beforeAll, describe, expect, it } from 'vitest'
import { segmentLines } from '../../src/reading/pages/lines'
import type { Piece } from '../../src/reading/pages/crop/ink'
import { proposeBoxes, straighten } from '../../src/reading/pages/propose'
import { overlap } from '../../src/reading/pages/propose/propose'
import {
  createRegistrar,
  type FieldCrop,
  type Pixels,
  type Registrar,
  type Template
} from '../../src/reading/pages/register'
import { degrade } from '../fixtures/degrade'
import { card, draw, register } from '../fixtures/form-pages'

const dpi = 150
const names = ['KARLIMO', undefined, 'TIVEN\nSOLGRI', 'I']

describe('fields of a registered page', () => {
  const form = card()
  let template: Template
  let registrar: Registrar
  let crops: FieldCrop[]
  beforeAll(async () => {
    template = { name: 'card', ...(await draw(form, dpi)) }
    registrar = await createRegistrar([template])
    const { image } = await draw(form, dpi, { texts: names, seed: 4 })
    const { page } = await degrade(image, { skew: 2, turns: 2, noise: 5, dirt: 40, bleed: 0.06 })
    const registration = registrar.register(page)
    crops = template.fields.map((field) => registrar.crop(page, registration, field))
    return () => registrar.close()
  })

  it('are blank where nobody wrote, and only there', () => {
    expect(crops.map(({ blank }) => blank > 0.5)).toEqual([false, true, false, false])
  })

  it('faint handwriting is not blank', async () => {
    const { image } = await draw(form, dpi, { texts: ['KARLIMO'], seed: 4, ink: 190 })
    const { page } = await degrade(image, { noise: 5, skew: -1 })
    const registration = registrar.register(page)
    expect(registrar.blankProbability(page, registration, template.fields[0]!)).toBeLessThan(0.5)
  })

  it('are shown with a margin, upright, in the resolution of the page', () => {
    const { width, height } = template.fields[0]!
    const margin = 0.3 * height
    expect(crops[0]!.plain.width).toBeCloseTo(width + 2 * margin, -0.5)
    expect(crops[0]!.plain.height).toBeCloseTo(height + 2 * margin, -0.5)
    // The page lies upside down: its field's own upper left is at the lower right.
    const [x0, y0, x1, y1, x2, y2] = crops[0]!.quad
    expect(x0).toBeGreaterThan(x1)
    expect(y0).toBeGreaterThan(y2)
    expect(x2).toBeLessThan(x0)
    expect(Math.hypot(x1 - x0, y1 - y0)).toBeCloseTo(width + 2 * margin, -0.5)
  })

  it('are read without the frame printed around them', () => {
    const { pixels } = crops[0]!.lines[0]!
    // The letters are there, and no row or column of the picture is dark from end to end.
    expect(darkShare(pixels)).toBeGreaterThan(0.01)
    for (let y = 0; y < pixels.height; y++) expect(darkInRow(pixels, y)).toBeLessThan(0.5 * pixels.width)
    // A frame in which letters have their proportions: about eight times as wide as high, two to three letters high.
    expect(pixels.width / pixels.height).toBeGreaterThan(6)
  })

  it('of a template made of a filled page: what is written on it is no print', async () => {
    const { image } = await draw(form, dpi, { texts: names, seed: 4 })
    const filled = await createRegistrar([{ ...template, image, filled: true }])
    const blankOf = (page: Pixels): boolean[] => {
      const registration = filled.register(page)
      return template.fields.map((field) => filled.crop(page, registration, field).blank > 0.5)
    }
    expect(blankOf(image)).toEqual([false, true, false, false])
    expect(blankOf(template.image)).toEqual([true, true, true, true])
    const registration = filled.register(image)
    expect(darkShare(filled.crop(image, registration, template.fields[0]!).lines[0]!.pixels)).toBeGreaterThan(0.01)
    filled.close()
  })

  it('two lines are two crops, one line is one', () => {
    expect(crops.map(({ lines }) => lines.length)).toEqual([1, 1, 2, 1])
    const [upper, lower] = crops[2]!.lines
    expect(upper!.box.y + upper!.box.height / 2).toBeLessThan(lower!.box.y + lower!.box.height / 2)
    expect(darkShare(upper!.pixels)).toBeGreaterThan(0.01)
    expect(darkShare(lower!.pixels)).toBeGreaterThan(0.01)
  })
})

const darkInRow = ({ data, width }: Pixels, y: number): number =>
  data.subarray(y * width, (y + 1) * width).reduce((count, value) => count + (value < 128 ? 1 : 0), 0)
const darkShare = (pixels: Pixels): number =>
  Array.from({ length: pixels.height }, (_, y) => darkInRow(pixels, y)).reduce((a, b) => a + b, 0) / pixels.data.length

describe('lines', () => {
  const field = { x: 0, y: 0, width: 400, height: 100 }
  let label = 0
  const piece = (x: number, y: number, width: number, height: number): Piece => ({
    label: ++label,
    x,
    y,
    width,
    height,
    area: width * height
  })
  const word = (left: number, top: number, count: number, climb = 0): Piece[] =>
    Array.from({ length: count }, (_, index) => piece(left + index * 22, top - index * climb, 16, 28 + (index % 3)))

  it('a name that climbs, with accents and a hyphen, is one', () => {
    const pieces = [...word(10, 40, 8, 3), piece(60, 18, 6, 4), piece(196, 34, 10, 3)]
    expect(segmentLines(pieces, field)).toHaveLength(1)
  })

  it('come from top to bottom, accents with their letters', () => {
    const lines = segmentLines([...word(10, 60, 6), ...word(10, 12, 5), piece(40, 53, 5, 4)], field)
    expect(lines.map(({ pieces }) => pieces.length)).toEqual([5, 7])
  })

  it('a stray stroke below is no line', () => {
    expect(segmentLines([...word(10, 20, 8), piece(150, 62, 14, 20)], field)).toHaveLength(1)
  })

  it('nothing written is one line, the whole field', () => {
    expect(segmentLines([], field)).toEqual([{ pieces: [], box: field }])
  })
})

describe('a page for a template', () => {
  it('is turned straight, whole, and left as it is where it lies straight', async () => {
    const { image } = await draw(card(), dpi)
    expect(await straighten(image)).toBe(image)
    const widths = (boxes: { kind: string; width: number }[]) =>
      boxes.filter(({ kind }) => kind === 'box').map(({ width }) => width / 10)
    const before = widths(await proposeBoxes(image))
    for (const skew of [-2.4, 0.5, 3]) {
      const { page } = await degrade(image, { skew, noise: 4 })
      const straight = await straighten(page)
      expect(straight.width).toBeGreaterThan(page.width)
      expect(await straighten(straight), `${skew}°`).toBe(straight)
      widths(await proposeBoxes(straight)).forEach((width, at) => expect(Math.abs(width - before[at]!)).toBeLessThan(2))
    }
  })
})

describe('proposed boxes', () => {
  it('are the frames, dotted lines and tick squares of a form, also filled and askew', async () => {
    for (const [form, kind] of [
      [card(), 'box'],
      [card({ dotted: true }), 'line']
    ] as const) {
      const { image, fields } = await draw(form, dpi, { texts: ['KARLI', 'MOSOL'], seed: 2 })
      const proposals = await proposeBoxes(image)
      for (const field of fields) {
        const best = proposals
          .filter((proposal) => proposal.kind === kind)
          .sort((a, b) => overlap(b, field) - overlap(a, field))[0]!
        if (kind === 'box') expect(overlap(best, field)).toBeGreaterThan(0.9)
        // A line says where the writing stands; how high it is nobody knows.
        expect(Math.abs(best.y + best.height - field.y - field.height)).toBeLessThan(4)
        expect(Math.abs(best.x - field.x)).toBeLessThan(6)
      }
      expect(proposals.filter((proposal) => proposal.kind === 'tick')).toHaveLength(3)
      for (const { score } of proposals) expect(score).toBeGreaterThan(0.5)
    }
    const { image } = await draw(card(), dpi)
    const { page } = await degrade(image, { skew: 1.5, noise: 4 })
    expect((await proposeBoxes(page)).filter(({ kind }) => kind === 'box')).toHaveLength(4)
  })

  it('are a register’s cells, row by row', async () => {
    const { image, fields } = await draw(register(), dpi)
    const boxes = (await proposeBoxes(image)).filter(({ kind }) => kind === 'box')
    expect(boxes).toHaveLength(20)
    boxes.forEach((box, index) => expect(overlap(box, fields[index]!)).toBeGreaterThan(0.9))
  })
})
