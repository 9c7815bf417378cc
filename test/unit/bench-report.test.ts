import { describe, expect, it } from 'vitest'
import { median, meets, percentile } from '../../bench/report'

describe('figures of a measurement', () => {
  it('take the middle of numbers, not of their text', () => {
    expect(median([100, 9, 20])).toBe(20)
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })

  it('take the nearest rank for a percentile', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect([0, 0.5, 0.95, 1].map((fraction) => percentile(hundred, fraction))).toEqual([1, 50, 95, 100])
  })

  it('reach a target or miss it, on the right side', () => {
    const result = { name: 'x', unit: 'ms', value: 50 }
    expect(meets({ ...result, target: { atMost: 50 } })).toBe(true)
    expect(meets({ ...result, target: { atMost: 49 } })).toBe(false)
    expect(meets({ ...result, target: { atLeast: 51 } })).toBe(false)
    expect(meets(result)).toBeNull()
  })
})
