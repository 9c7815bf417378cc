/** The parts of hostile requests, which the fuzz campaign draws by the hundred, can be put together in every way. */
import { describe, expect, it } from 'vitest'
import { endpoints } from '../../src/shared/contract'
import { placesOf, withAt } from '../fixtures/hostile'

describe('a hostile request', () => {
  it('can have a part within every part, whatever stands there already', () => {
    for (const { input } of Object.values(endpoints))
      for (const place of placesOf(input as never))
        for (const before of [[], [1], {}, null, 'x'])
          for (let length = 0; length <= place.length; length++)
            expect(() => withAt(withAt({}, place.slice(0, length), before), place, 1)).not.toThrow()
  })
  it('has the part in its place', () => {
    expect(withAt({ a: [] }, ['a', '0', 'b'], 1)).toEqual({ a: [{ b: 1 }] })
    expect(withAt([1, 2], ['0'], 3)).toEqual([3, 2])
    expect(withAt([1, 2], ['b'], 3)).toEqual([1, 3])
  })
})
