import { afterEach, describe, expect, it } from 'vitest'
import '../../src/renderer/src/commands'
import {
  holdersOf,
  readKeys,
  refusalOf,
  withFirstKey,
  withoutKeys,
  withTableKeys
} from '../../src/renderer/src/lib/changeKeys'
import { ariaKeys, chooseKeys, commands, findCommand, keysOf } from '../../src/renderer/src/lib/keymap'
import type { KeyPress } from '../../src/renderer/src/lib/keys'

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...more
})
const found = (event: KeyPress, scope: 'review' | 'names' = 'review') => findCommand(event, scope, false)?.id ?? null
afterEach(() => chooseKeys({}))

describe('a key of one’s own', () => {
  it('takes the place of the one shown, for the handler and for screen readers; the others stay', () => {
    chooseKeys(withFirstKey('review.redo', 'Alt+N'))
    expect(keysOf('review.redo')).toEqual(['Alt+N', 'Mod+Y'])
    expect(found(press('n', { altKey: true }))).toBe('review.redo')
    expect(found(press('Z', { ctrlKey: true, shiftKey: true }))).toBeNull()
    expect(ariaKeys('review.redo', false)).toBe('Alt+N Control+Y')
  })
  it('is given back, and then nothing is kept of it', () => {
    chooseKeys(withFirstKey('review.blank', 'F4'))
    expect(withTableKeys('review.blank')).toEqual({})
    expect(withFirstKey('review.blank', 'Alt+B')).toEqual({})
  })
  it('may be none', () => {
    chooseKeys(withoutKeys('names.takeOut'))
    expect(found(press('x'), 'names')).toBeNull()
    expect(ariaKeys('names.takeOut')).toBeUndefined()
  })
})

describe('a key that another command has', () => {
  it('is told with the command, in the same view or everywhere, not in another view', () => {
    expect(holdersOf('review.flag', 'Alt+B').map(({ id }) => id)).toEqual(['review.blank'])
    expect(holdersOf('names.takeOut', 'Alt+B')).toEqual([])
    expect(holdersOf('names.takeOut', 'Mod+K').map(({ id }) => id)).toEqual(['app.palette'])
    expect(holdersOf('app.palette', 'Alt+X').map(({ id }) => id)).toContain('review.illegible')
  })
  it('is taken from it, and comes back to it alone when that is wanted', () => {
    chooseKeys(withFirstKey('review.flag', 'Alt+B'))
    expect(keysOf('review.blank')).toEqual([])
    expect(found(press('b', { altKey: true }))).toBe('review.flag')
    chooseKeys(withTableKeys('review.blank'))
    expect(keysOf('review.blank')).toEqual(['Alt+B'])
    expect(keysOf('review.flag')).toEqual([])
  })
  it('never has two commands after any exchange', () => {
    chooseKeys(withFirstKey('app.palette', 'Mod+F'))
    for (const scope of ['review', 'names', 'list'] as const) {
      const keys = commands
        .filter((command) => !command.native && (command.scope === scope || command.scope === 'everywhere'))
        .flatMap(({ id }) => keysOf(id))
      expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
    }
  })
})

describe('refused are', () => {
  it.each([
    ['review.blank', 'B', 'types'],
    ['review.blank', 'Shift+B', 'types'],
    ['app.palette', 'K', 'types'],
    ['review.blank', '7', 'types'],
    ['review.blank', 'Home', 'native'],
    ['review.blank', 'Mod+A', 'native'],
    ['list.accept', 'ArrowDown', 'native'],
    ['names.takeOut', 'ArrowLeft', 'native'],
    ['names.takeOut', 'Mod+W', 'browser'],
    ['names.takeOut', 'B', null],
    ['review.alternative2', '9', null],
    ['review.blank', 'F4', null],
    ['review.blank', 'Alt+Q', null]
  ])('%s with %s: %s', (id, chord, refusal) => {
    expect(refusalOf(id, chord)).toBe(refusal)
  })
})

describe('what was kept', () => {
  it('is read as far as it makes sense', () => {
    const kept = { 'review.blank': ['F4', 'B', ''], 'no.such': ['F4'], 'review.skip': [] }
    expect(readKeys(kept)).toEqual({ 'review.blank': ['F4'], 'review.skip': [] })
  })
})
