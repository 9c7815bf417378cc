import { describe, expect, it } from 'vitest'
import { distance } from '../../src/renderer/src/lib/fuzzy'

describe('what is meant by words', () => {
  it('is found by parts of words in any order, whatever the accents and capitals', () => {
    expect(distance('liste', 'Aller à la Liste')).toBe(0)
    expect(distance('ELEVES noms', 'Noms des élèves')).toBe(0)
    expect(distance('', 'Anything')).toBe(0)
    expect(distance('ref', 'Go to Review')).toBeNull()
  })
  it('forgives one slip in a word of five letters or more, after what is written right', () => {
    for (const slip of ['exprot', 'exort', 'exxport', 'ezport']) expect(distance(slip, 'Go to Export')).toBe(2)
    expect(distance('lst', 'List')).toBeNull()
    expect(distance('pref', 'Reader: go back', 'previous')).toBeNull()
    expect(distance('epxrt', 'Go to Export')).toBeNull()
  })
  it('takes other names of a thing, after its own', () => {
    expect(distance('shortcuts', 'All keys', 'help shortcuts')).toBe(1)
  })
})
