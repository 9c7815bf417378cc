import { beforeAll, describe, expect, it } from 'vitest'
import { geometryOfFrames, goesOn, joinViews, viewOf, type Frames, type View } from '../../src/reading/decode'
import { matchFrames } from '../../src/reading/decode/together'
import type { Manifest } from '../../src/reading/models'
import { geometryOf } from '../../src/reading/preprocess'
import { barsModel } from '../fixtures/bars'

const framesOf = (...rows: number[][]): Frames => ({
  probabilities: Float64Array.from(rows.flat()),
  count: rows.length,
  classes: rows[0]!.length
})

describe('how sure a network is of what it saw', () => {
  it('is the best path’s probability, a character', async () => {
    const geometry = geometryOf(8, 8, (await barsModel()).manifest.input)
    const two = framesOf([0.2, 0.5, 0.3], [0.9, 0.05, 0.05], [0.1, 0.1, 0.8])
    expect(viewOf(two, geometry, 0).certainty).toBeCloseTo(Math.sqrt(0.5 * 0.9 * 0.8), 12)
    expect(viewOf(framesOf([0.9, 0.05, 0.05], [0.8, 0.1, 0.1]), geometry, 0).certainty).toBeCloseTo(0.72, 12)
  })
})

describe('closer views', () => {
  const view = (certainty: number, characters = 3): View => ({
    ...{ certainty, characters, frames: framesOf([1 - certainty, certainty]) },
    geometry: { ...geometryOf(8, 8, input), cropWidth: certainty }
  })
  let input: Manifest['input']
  beforeAll(async () => {
    input = (await barsModel()).manifest.input
  })

  it('are looked at while each is surer than all before', () => {
    expect(goesOn([view(0.8)], 0.8)).toBe(false)
    expect(goesOn([view(0.7)], 0.8)).toBe(true)
    expect(goesOn([view(0.5), view(0.6)], 0.8)).toBe(true)
    expect(goesOn([view(0.5), view(0.9)], 0.8)).toBe(true)
    expect(goesOn([view(0.5), view(0.7), view(0.6)], 0.8)).toBe(false)
    expect(goesOn([view(0.5), view(0.5)], 0.8)).toBe(false)
    expect(goesOn([view(0.5), view(0.6, 0)], 0.8)).toBe(false)
  })

  it('count by their certainty, on the crop as the surest lay', () => {
    const { frames, geometry } = joinViews([view(0.5), view(0.8), view(0.7)], 0)
    expect(geometry.cropWidth).toBe(0.8)
    const weights = [0.5, 0.8, 0.7].map((certainty) => certainty ** 8)
    const share = (classOf: (certainty: number) => number): number =>
      Math.exp(
        [0.5, 0.8, 0.7].reduce((sum, certainty, at) => sum + weights[at]! * Math.log(classOf(certainty)), 0) /
          weights.reduce((one, other) => one + other)
      )
    const [paper, ink] = [share((certainty) => 1 - certainty), share((certainty) => certainty)]
    expect(frames.probabilities[1]).toBeCloseTo(ink / (ink + paper), 12)
  })

  it('in which nothing is read say nothing of where others read', () => {
    const read = view(0.3)
    expect(joinViews([view(0.7, 0), read], 0)).toBe(read)
    const blank = view(0.7, 0)
    expect(joinViews([blank, view(0.6, 0)], 0)).toBe(blank)
  })

  it('are matched in order, no character passed over', () => {
    const [blank, a, b] = [
      [0.98, 0.01, 0.01],
      [0.02, 0.97, 0.01],
      [0.02, 0.01, 0.97]
    ]
    const narrow = framesOf(blank!, a!, blank!, b!, blank!)
    const wide = framesOf(blank!, blank!, a!, blank!, blank!, blank!, b!, blank!, blank!)
    const found = [...matchFrames(narrow, wide, 0)]
    expect([found[1], found[3]]).toEqual([2, 6])
    expect(found).toEqual(found.toSorted((one, other) => one - other))
    const back = matchFrames(wide, narrow, 0)
    expect([back[2], back[6]]).toEqual([1, 3])
  })
})

describe('frames whose view is not told', () => {
  it('lie on the crop as those of the view of that width', async () => {
    const { manifest } = await barsModel()
    const viewed: Manifest = { ...manifest, views: { trims: [0.1, 0.25], below: 1 } }
    const ofWidth = (width: number): ReturnType<typeof geometryOf> =>
      geometryOfFrames(100, 40, viewed, framesOf(...Array.from({ length: width / 4 }, () => [1, 0])))
    expect(ofWidth(20).width).toBe(20)
    expect(ofWidth(28)).toMatchObject({ inputWidth: 28, width: 25, cropHeight: 40 })
    expect(ofWidth(40)).toMatchObject({ inputWidth: 40, width: 40 })
  })
})
