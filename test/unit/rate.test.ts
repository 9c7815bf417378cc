import { describe, expect, it } from 'vitest'
import { RateMeter } from '../../src/core/jobs/rate'

describe('RateMeter', () => {
  function meterAt(): { meter: RateMeter; at: (ms: number, done: number) => number | null } {
    let now = 0
    const meter = new RateMeter(8000, () => now)
    return {
      meter,
      at(ms, done) {
        now = ms
        meter.add(done)
        return meter.rate()
      }
    }
  }

  it('knows nothing from one sample', () => {
    expect(meterAt().at(0, 10)).toBeNull()
  })

  it('is items a second over the window', () => {
    const { at } = meterAt()
    at(0, 0)
    expect(at(1000, 50)).toBe(50)
    expect(at(2000, 200)).toBe(100)
  })

  it('forgets what is older than its window', () => {
    const { at } = meterAt()
    for (let second = 0; second <= 10; second++) at(second * 1000, second * 1000)
    for (let second = 11; second <= 30; second++) at(second * 1000, 10_000 + (second - 10) * 10)
    expect(at(31_000, 10_210)).toBeCloseTo(10, 5)
  })

  it('does not count a pause', () => {
    const { meter, at } = meterAt()
    at(0, 0)
    at(1000, 100)
    meter.reset()
    at(601_000, 100)
    expect(at(602_000, 200)).toBe(100)
  })
})
