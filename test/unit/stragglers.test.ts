import { describe, expect, it } from 'vitest'
import { drawUp } from '../../src/reading/decode/stragglers'

describe('stragglers', () => {
  const at = (...starts: number[]) => starts.map((start) => ({ start, end: start + 10 }))
  const starts = (spans: readonly { start: number }[]) => spans.map((span) => span.start)
  const noSpace = () => false

  it('at the start are drawn up to the rest, in their order', () => {
    expect(starts(drawUp(at(0, 10, 100, 110, 120, 130), noSpace))).toEqual([80, 90, 100, 110, 120, 130])
  })
  it('stand as far apart as the rest, however quickly they came', () => {
    expect(starts(drawUp(at(0, 2, 100, 120, 140, 160), noSpace))).toEqual([60, 80, 100, 120, 140, 160])
    expect(starts(drawUp(at(0, 20, 40, 60, 200, 202), noSpace))).toEqual([0, 20, 40, 60, 80, 100])
  })
  it('at the very edge are known by a smaller gap', () => {
    expect(starts(drawUp(at(0, 12, 60, 80, 100, 120), noSpace))).toEqual([20, 40, 60, 80, 100, 120])
    const inside = at(30, 42, 90, 110, 130, 150)
    expect(drawUp(inside, noSpace)).toEqual(inside)
  })
  it('of a short name are drawn up on one side only', () => {
    expect(starts(drawUp(at(0, 2, 100, 120), noSpace))).toEqual([60, 80, 100, 120])
  })
  it('at the end too', () => {
    expect(starts(drawUp(at(0, 10, 20, 30, 40, 200), noSpace))).toEqual([0, 10, 20, 30, 40, 50])
  })
  it('are none where a space explains the gap, where letters stand wide, or where there are few', () => {
    const spaced = at(0, 60, 100, 110, 120, 130)
    expect(drawUp(spaced, (index) => index === 1)).toEqual(spaced)
    const wide = at(0, 50, 100, 150, 200)
    expect(drawUp(wide, noSpace)).toEqual(wide)
    expect(starts(drawUp(at(0, 100, 110), noSpace))).toEqual([0, 100, 110])
  })
})
