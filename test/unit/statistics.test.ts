import { describe, expect, test } from 'vitest'
import { anytimeErrorRate, mcnemar, sequence, wilson, wrongAmongRest } from '../../src/core/confidence'
import { calibrated, inputsOf, ownWeights } from '../../src/core/confidence/calibration'
import { crossFitted, fitWeights, type Example } from '../../src/core/confidence/fit'
import { reliabilityOf } from '../../src/core/confidence/reliability'
import { curveOf } from '../../src/core/quality/acceptance/curve'

describe('intervals', () => {
  test("Wilson's, against published values", () => {
    // R: prop.test(8, 10, correct = FALSE)
    expect(wilson(8, 10)).toEqual({ value: 0.8, low: expect.closeTo(0.4902, 4), high: expect.closeTo(0.9433, 4) })
    expect(wilson(0, 0)).toEqual({ value: 0, low: 0, high: 1 })
  })

  test('of unseen fields: none wrong of 367 speaks for 1 % of a great many, as the rule of Clopper and Pearson', () => {
    const { low, high } = wrongAmongRest(0, 367, 1_000_000, 0.05)
    expect(low).toBe(0)
    expect(high / 1_000_000).toBeCloseTo(1 - 0.025 ** (1 / 367), 3)
  })

  test('of unseen fields: all seen leaves nothing open, none seen everything', () => {
    expect(wrongAmongRest(3, 100, 0, 0.05)).toMatchObject({ low: 0, high: 0 })
    expect(wrongAmongRest(0, 0, 40, 0.05)).toMatchObject({ low: 0, high: 40 })
  })

  test('of unseen fields holds the truth in 95 of 100 draws and more', () => {
    const random = sequence(3)
    let inside = 0
    for (let round = 0; round < 400; round++) {
      // 300 fields, 9 of them wrong, 120 looked at.
      const fields = Array.from({ length: 300 }, (_, index) => index < 9)
      for (let place = 0; place < 120; place++) {
        const other = place + Math.floor(random() * (fields.length - place))
        ;[fields[place], fields[other]] = [fields[other]!, fields[place]!]
      }
      const wrong = fields.slice(0, 120).filter(Boolean).length
      const { low, high } = wrongAmongRest(wrong, 120, 180, 0.05)
      if (9 - wrong >= low && 9 - wrong <= high) inside++
    }
    expect(inside).toBeGreaterThanOrEqual(380)
  })

  test('of an audit holds however often it is looked at', () => {
    const random = sequence(11)
    let ever = 0
    for (let round = 0; round < 60; round++) {
      let wrong = 0
      let left = false
      for (let checked = 1; checked <= 150; checked++) {
        if (random() < 0.03) wrong++
        if (checked % 5) continue
        const { low, high } = anytimeErrorRate(wrong, checked, 0.05)
        left ||= low > 0.03 || high < 0.03
      }
      if (left) ever++
    }
    expect(ever).toBeLessThanOrEqual(4)
  })

  test('of an audit closes in on what is wrong', () => {
    expect(anytimeErrorRate(12, 60, 0.05).low).toBeGreaterThan(0.05)
    expect(anytimeErrorRate(0, 0, 0.05)).toEqual({ value: 0, low: 0, high: 1 })
  })

  test("McNemar's test is the sign test on fields that only one reads", () => {
    expect(mcnemar(0, 0)).toBe(1)
    expect(mcnemar(1, 9)).toBeCloseTo(22 / 1024, 10)
  })
})

/** Readings whose true probability is that of a model twice as sure as it should be. */
function overconfident(count: number, seed = 5): Example[] {
  const random = sequence(seed)
  return Array.from({ length: count }, () => {
    const logit = -1 + 6 * random()
    const inputs = inputsOf({ confidence: 1 / (1 + Math.exp(-2 * logit)), text: 'ABCDEFG', features: null })
    return { inputs, right: random() < 1 / (1 + Math.exp(-logit)) }
  })
}

describe('calibration', () => {
  test('learns from many decisions', async () => {
    const examples = overconfident(3000)
    const probabilities = await crossFitted(examples)
    const after = reliabilityOf(examples.map(({ right }, index) => ({ confidence: probabilities[index]!, right })))
    const before = reliabilityOf(
      examples.map(({ inputs, right }) => ({ confidence: calibrated(inputs, ownWeights), right }))
    )
    expect(before.error).toBeGreaterThan(0.04)
    expect(after.error).toBeLessThan(0.02)
    expect(after.bins).toHaveLength(15)
    expect(after.brier!).toBeLessThan(before.brier!)
  })

  test('hardly moves on three', () => {
    const [offset, slope] = fitWeights(overconfident(3))
    expect(Math.abs(offset!)).toBeLessThan(1)
    expect(slope).toBeGreaterThan(0.6)
  })

  test('of all right, all equal and none stays finite', async () => {
    const equal = Array.from({ length: 50 }, () => ({ inputs: [1, 2, 0, 0, 0], right: true }))
    expect(fitWeights(equal).every(Number.isFinite)).toBe(true)
    expect(fitWeights([])).toEqual(ownWeights)
    expect(await crossFitted([])).toEqual([])
    expect(reliabilityOf([])).toMatchObject({ error: null, bins: [], fields: 0 })
  })

  test('of a perfect model is off by no more than its noise tells', () => {
    const random = sequence(9)
    const outcomes = Array.from({ length: 2000 }, () => {
      const confidence = random()
      return { confidence, right: random() < confidence }
    })
    const { error, noise } = reliabilityOf(outcomes)
    expect(error! / noise!).toBeGreaterThan(0.5)
    expect(error! / noise!).toBeLessThan(1.7)
  })
})

describe('curve', () => {
  const open = Array.from({ length: 1000 }, (_, index) => 1 - index / 1000)

  test('at a promise of 99 % the errors lie inside the interval in at least 93 of 100 draws', () => {
    const random = sequence(21)
    let inside = 0
    let chosen = 0
    for (let round = 0; round < 100; round++) {
      const fields = Array.from({ length: 4000 }, () => {
        const confidence = random() ** 0.2
        return { confidence, right: random() < 0.9 + 0.1 * confidence ** 8, place: random() }
      }).sort((a, b) => a.place - b.place)
      const sampled = fields.slice(0, 1200)
      const rest = fields.slice(1200).sort((a, b) => b.confidence - a.confidence)
      const evidence = { open: rest.map(({ confidence }) => confidence), undecided: rest.length, sampled }
      const curve = curveOf(evidence, 0.99, 'estimate')
      if (curve.chosen === null) continue
      chosen++
      const { threshold, errors } = curve.points[curve.chosen]!
      const wrong = rest.filter(({ confidence, right }) => confidence >= threshold && !right).length
      if (wrong >= errors!.low && wrong <= errors!.high) inside++
    }
    expect(chosen).toBeGreaterThan(50)
    expect(inside / chosen).toBeGreaterThanOrEqual(0.93)
  })

  test('without a sample asks for one and promises nothing', () => {
    const { chosen, moreNeeded, points } = curveOf({ open, undecided: 1200, sampled: [] }, 0.99, 'bound')
    expect(chosen).toBeNull()
    expect(moreNeeded).toBeGreaterThan(300)
    expect(points.at(-1)).toMatchObject({ accepted: 1000, remaining: 200, accuracy: null, errors: null })
  })

  test('where all confidences are equal there is one threshold', () => {
    const equal = { open: new Array<number>(500).fill(0.7), undecided: 500, sampled: [] }
    expect(curveOf(equal, 0.9, 'bound').points).toEqual([expect.objectContaining({ threshold: 0.7, accepted: 500 })])
  })

  test('of nothing open is empty', () => {
    expect(curveOf({ open: [], undecided: 0, sampled: [] }, 0.99, 'bound')).toMatchObject({ points: [], chosen: null })
  })

  test('a stricter promise leaves more to a person', () => {
    const sampled = open.flatMap((confidence, index) => [{ confidence, right: index % 40 !== 39 || index < 500 }])
    const at = (promise: number): number => {
      const { points, chosen } = curveOf({ open, undecided: 1000, sampled }, promise, 'bound')
      return chosen === null ? 0 : points[chosen]!.accepted
    }
    expect(at(0.95)).toBeGreaterThan(at(0.98))
    expect(at(0.98)).toBeGreaterThan(0)
  })
})
