import { describe, expect, it } from 'vitest'
import { geometryOfFrames, viewOf, type Frames } from '../../src/reading/decode'
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
