import { describe, expect, it } from 'vitest'
import { describe as describeProgress, duration, ProgressLine } from '../../src/cli/progress'
import { printable, table } from '../../src/cli/terminal'

const shown = { what: 'Reading', done: 50, total: 200, failed: 0, rate: 25, timeLeft: 6 }

function record(isTTY: boolean) {
  const written: string[] = []
  let clock = 0
  const line = new ProgressLine({ write: (text) => written.push(text), isTTY, columns: 60 }, () => clock)
  return { written, line, wait: (milliseconds: number) => (clock += milliseconds) }
}

describe('progress', () => {
  it('is a plain line now and then where nobody watches', () => {
    const { written, line, wait } = record(false)
    line.update(shown)
    wait(5000)
    line.update(shown)
    expect(written).toEqual([])
    wait(11_000)
    line.update({ ...shown, failed: 2 })
    line.update(shown)
    expect(written).toEqual(['Reading 50 of 200, 25 a second, 6 s left, 2 failed\n'])
  })

  it('is redrawn on a terminal, never wider than it, and taken away for other text', () => {
    const { written, line, wait } = record(true)
    wait(1000)
    line.update({ ...shown, what: 'Importing a rather long name' })
    expect(written[0]!.startsWith('\r\u001b[2K')).toBe(true)
    expect(written[0]!.replace('\r\u001b[2K', '').length).toBeLessThan(60)
    line.clear()
    expect(written.at(-1)).toBe('\r\u001b[2K')
  })

  it('forgets what is over', () => {
    const { written, line, wait } = record(true)
    wait(1000)
    line.update({ ...shown, what: 'Bringing up to date', total: 4, done: 0.5 })
    line.end('Bringing up to date')
    wait(1000)
    line.update(shown)
    expect(written[0]).toMatch(/Bringing up to date █/)
    expect(written.at(-1)).toMatch(/Reading/)
    expect(written.at(-1)).not.toMatch(/Bringing/)
  })

  it('says no total while it is still being counted', () => {
    expect(describeProgress({ ...shown, total: null, rate: null, timeLeft: null }, true)).toBe('Reading 50')
  })

  it.each([
    [3, '3 s'],
    [65, '1 min 05 s'],
    [7800, '2 h 10 min'],
    [250_000, '3 days']
  ])('writes %i seconds as %s', (seconds, text) => expect(duration(seconds)).toBe(text))
})

describe('text on a terminal', () => {
  it('shows control characters instead of sending them', () => {
    expect(printable('a\nb\u001b[31mc\u0007')).toBe('a\\nb\\x1b[31mc\\x07')
  })

  it('lines columns up', () => {
    expect(
      table([
        ['a', 'long', 'x'],
        ['bbb', 'c', 'y']
      ])
    ).toBe('a    long  x\nbbb  c     y')
  })
})
