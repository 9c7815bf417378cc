import { describe, expect, it } from 'vitest'
import { parseManifest, type ModelInput } from '../../src/reading/models'
import {
  geometryOf,
  inputWidth,
  morphology,
  numbersOf,
  otsuThreshold,
  prepare,
  resize,
  toGrey
} from '../../src/reading/preprocess'

const input = (changes: Record<string, unknown>): ModelInput =>
  parseManifest(
    JSON.stringify({
      schema: 1,
      id: 'x',
      title: 'x',
      kind: 'ctc',
      file: 'x.onnx',
      sha256: '0'.repeat(64),
      input: { name: 'image', layout: 'NCHW', height: 32, width: 256, fit: 'box', ...changes },
      output: { name: 'logits', layout: 'NTC', activation: 'logits' },
      charset: ['A'],
      blank: 0
    }),
    'x.json'
  ).input

const image = (rows: number[][]) => ({
  data: Uint8Array.from(rows.flat()),
  width: rows[0]!.length,
  height: rows.length
})
const rows = ({ data, width, height }: { data: Uint8Array; width: number; height: number }): number[][] =>
  Array.from({ length: height }, (_, y) => [...data.subarray(y * width, (y + 1) * width)])

describe('pixels', () => {
  it('are grey by ITU-R 601 luma in integers', () => {
    const colours = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255])
    expect([...toGrey({ data: colours, width: 4, height: 1, channels: 3 }).data]).toEqual([76, 150, 29, 255])
  })

  it('are cut by Otsu at the first best threshold', () => {
    // Any threshold from 10 to 199 parts these two greys equally well.
    expect(otsuThreshold(image([[10, 10, 200, 200]]))).toBe(10)
    expect(otsuThreshold(image([[7, 7, 7]]))).toBe(0)
    const cut = prepare(
      { ...image([[10, 11, 190, 200]]), channels: 1 },
      input({ height: 1, width: 4, binarise: 'otsu' })
    )
    expect([...cut.pixels]).toEqual([0, 0, 255, 255])
  })

  it('are opened and closed by a 3 × 3 square with the edges repeated', () => {
    const dot = image([
      [255, 255, 255, 255],
      [255, 0, 255, 255],
      [255, 255, 255, 255]
    ])
    expect(
      rows(morphology(dot, 'close'))
        .flat()
        .every((grey) => grey === 255)
    ).toBe(true)
    expect(rows(morphology(dot, 'open'))).toEqual([
      [0, 0, 255, 255],
      [0, 0, 255, 255],
      [0, 0, 255, 255]
    ])
  })

  it('are resized as Pillow does it', () => {
    // Values of Pillow's Image.resize with BILINEAR and LANCZOS.
    const ramp = image([[0, 50, 100, 150, 200, 250]])
    expect(rows(resize(ramp, 3, 1, 'bilinear'))).toEqual([[36, 125, 214]])
    expect(rows(resize(ramp, 3, 1, 'lanczos'))).toEqual([[24, 125, 226]])
    expect(rows(resize(image([[0, 255]]), 4, 1, 'bilinear'))).toEqual([[0, 64, 191, 255]])
    expect(resize(ramp, 6, 1, 'bilinear')).toBe(ramp)
  })
})

describe('a crop in the model’s input', () => {
  it('keeps its aspect in a box', () => {
    expect(geometryOf(300, 40, input({}))).toMatchObject({ left: 0, top: 0, width: 240, height: 32 })
    expect(geometryOf(1000, 40, input({ align: 'centre' }))).toMatchObject({ left: 0, top: 11, width: 256, height: 10 })
    expect(geometryOf(10, 500, input({ align: 'centre' }))).toMatchObject({ left: 127, top: 0, width: 1, height: 32 })
  })

  it('gets a width of its own where the model allows it', () => {
    const spec = input({ width: { min: 64, max: 500, multipleOf: 16 } })
    expect(inputWidth(10, 100, spec)).toBe(64)
    expect(inputWidth(300, 40, spec)).toBe(240)
    expect(inputWidth(301, 40, spec)).toBe(256)
    expect(inputWidth(9000, 40, spec)).toBe(496)
  })

  it('is cut at the top and the bottom before it is scaled', () => {
    const spec = input({ width: { min: 8, max: 500, multipleOf: 8 }, trim: 0.25 })
    expect(geometryOf(300, 40, spec)).toMatchObject({ cropHeight: 40, inputWidth: 480, width: 480, height: 32 })
    expect(geometryOf(300, 1, spec)).toMatchObject({ cropHeight: 1, inputWidth: 496 })
    const rows = Uint8Array.from([9, 1, 2, 9])
    const { pixels, geometry } = prepare(
      { data: rows, width: 1, height: 4, channels: 1 },
      input({ height: 2, width: 1, fit: 'stretch', trim: 0.25 })
    )
    expect([...pixels]).toEqual([1, 2])
    expect(geometry.cropHeight).toBe(4)
  })

  it('is padded with the manifest’s grey', () => {
    const one = { data: Uint8Array.from([9]), width: 1, height: 1, channels: 1 as const }
    const { pixels } = prepare(one, input({ height: 2, width: 4, fit: 'box', align: 'centre', pad: 77 }))
    expect([...pixels]).toEqual([77, 9, 9, 77, 77, 9, 9, 77])
  })

  it('becomes numbers in float32', () => {
    const numbers = numbersOf(input({ invert: true, mean: 0.5, std: 0.25 }))
    expect([numbers[0], numbers[255]]).toEqual([2, -2])
    expect(numbers[51]).toBe(Math.fround(Math.fround(Math.fround(1 - Math.fround(0.2)) - 0.5) / 0.25))
  })

  it('without pixels is refused', () => {
    const empty = { data: new Uint8Array(0), width: 0, height: 5, channels: 1 as const }
    expect(() => prepare(empty, input({}))).toThrow(/no pixels/)
  })
})
