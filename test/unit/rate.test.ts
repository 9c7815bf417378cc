import { describe, expect, it } from 'vitest'
import { RateMeter, WorkClock } from '../../src/core/jobs/rate'

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

describe('What is left of a reading over days', () => {
  const second = 1000
  const minute = 60 * second
  const hour = 60 * minute
  const day = 24 * hour

  /** Reads 100 a second for so many seconds, each looked at; `between` happens before the next stretch. */
  function reading() {
    let [at, done] = [0, 0]
    const clock = new WorkClock(() => at)
    const meter = new RateMeter(600 * second, () => clock.time())
    return {
      clock,
      meter,
      pass: (ms: number) => void (at += ms),
      read(seconds: number) {
        for (let passed = 0; passed < seconds; passed++) {
          meter.add(done)
          at += second
          done += 100
        }
        meter.add(done)
      }
    }
  }

  it.each([5 * minute, 2 * day])('does not count a pause of %i ms', (paused) => {
    const { clock, meter, pass, read } = reading()
    read(300)
    clock.stop()
    for (let passed = 0; passed < paused; passed += 10 * second) {
      pass(10 * second)
      clock.time() // the job's sign of life
    }
    clock.goOn()
    for (let seconds = 0; seconds < 30; seconds++) {
      read(1)
      expect(meter.rate()).toBeCloseTo(100, 0)
    }
  })

  it.each([5 * minute, 9 * hour])('does not count the machine’s sleep of %i ms', (asleep) => {
    const { meter, pass, read } = reading()
    read(300)
    pass(asleep)
    for (let seconds = 0; seconds < 30; seconds++) {
      read(1)
      expect(meter.rate()).toBeCloseTo(100, 0)
    }
  })

  it('is no worse for a slow minute', () => {
    const { meter, pass, read } = reading()
    read(500)
    pass(50 * second)
    read(5)
    expect(meter.rate()).toBeGreaterThan(90)
  })
})
