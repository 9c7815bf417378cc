import { describe, expect, it } from 'vitest'
import '../../src/renderer/src/commands'
import { letters } from '../../src/renderer/src/lib/decisions'
import { command, commands, findCommand } from '../../src/renderer/src/lib/keymap'
import { chordOf, keyLabel, type KeyPress } from '../../src/renderer/src/lib/keys'

const press = (key: string, code: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  ...more
})
const found = (event: KeyPress, mac = false) => findCommand(event, 'review', mac)?.id ?? null

describe('the table', () => {
  it('gives no key to two commands of one scope', () => {
    for (const scope of ['review', 'list', 'pages', 'page', 'template', 'data'] as const) {
      const keys = commands.filter((c) => c.scope === scope || c.scope === 'everywhere').flatMap((c) => c.keys)
      expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
    }
  })
  it('gives each kind of decision without a text a key in every view that decides', () => {
    for (const [kind, letter] of Object.entries(letters)) {
      const name = kind === 'flagged' ? 'flag' : kind
      for (const area of ['review', 'list', 'data', 'team']) {
        if (area === 'team' && name === 'flag') continue // nobody keys a wrong crop
        const { keys, title } = command(`${area}.${name}`)
        expect(keys, `${area}.${name}`).toEqual([area === 'list' ? letter : `Alt+${letter}`])
        expect(title, `${area}.${name}`).not.toContain('commands.')
      }
    }
  })

  it('has words for each command', () => {
    expect(commands.filter(({ title }) => title.startsWith('commands.') || title === '')).toEqual([])
  })
  it('names each command once', () => {
    const ids = commands.map((command) => command.id)
    expect(new Set(ids).size).toBe(ids.length)
  })
  it('leaves plain letters to the text in review', () => {
    for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
      expect(found(press(letter, `Key${letter.toUpperCase()}`))).toBeNull()
    }
  })
})

describe('digits by their place', () => {
  it('count where the keyboard has another character there: French, Czech', () => {
    expect(found(press('é', 'Digit2'))).toBe('review.alternative2')
    expect(found(press('"', 'Digit3'))).toBe('review.alternative3')
    expect(found(press('+', 'Digit1'))).toBe('review.alternative1')
    expect(found(press('é', 'Digit2', { altKey: true }))).toBe('review.alternative2')
  })
  it('go by what is typed where digits are typed, wherever they are: Dvorak, the number pad, with Shift', () => {
    expect(found(press('2', 'Digit2', { shiftKey: true }))).toBe('review.alternative2')
    expect(found(press('4', 'Numpad4'))).toBe('review.alternative4')
    expect(found(press('7', 'Digit2'))).toBeNull()
  })
  it('leave what is no pick to the text', () => {
    expect(found(press('-', 'Digit6'))).toBeNull()
    expect(found(press('@', 'Digit2', { shiftKey: true }))).toBeNull()
    expect(found(press('z', 'KeyY'))).toBeNull()
  })
})

describe('presses', () => {
  it('finds plain, shifted and modified keys', () => {
    expect(found(press('Enter', 'Enter'))).toBe('review.accept')
    expect(found(press('Enter', 'Enter', { shiftKey: true }))).toBe('review.back')
    expect(found(press('b', 'KeyB', { altKey: true }))).toBe('review.blank')
    expect(found(press('z', 'KeyZ', { ctrlKey: true }))).toBe('review.undo')
    expect(found(press('Z', 'KeyZ', { ctrlKey: true, shiftKey: true }))).toBe('review.redo')
    expect(found(press('3', 'Digit3'))).toBe('review.alternative3')
  })
  it('goes by the place of the key where Alt makes another character of it, as on a Mac', () => {
    expect(found(press('∫', 'KeyB', { altKey: true }), true)).toBe('review.blank')
    expect(found(press('Dead', 'KeyI', { altKey: true }), true)).toBe('review.invert')
    expect(found(press('“', 'BracketLeft', { altKey: true }), true)).toBe('review.rotateLeft')
  })
  it('goes by the letter where the keyboard has another order', () => {
    expect(found(press('z', 'KeyW', { ctrlKey: true }))).toBe('review.undo')
  })
  it('takes Command for Ctrl on a Mac, and neither for the other', () => {
    expect(found(press('k', 'KeyK', { metaKey: true }), true)).toBe('app.palette')
    expect(found(press('k', 'KeyK', { ctrlKey: true }), true)).toBeNull()
  })
  it('leaves composing and AltGr to the text', () => {
    expect(found(press('Enter', 'Enter', { isComposing: true }))).toBeNull()
    expect(found(press('Process', 'KeyB', { altKey: true }))).toBeNull()
    expect(chordOf(press('[', 'Digit8', { ctrlKey: true, altKey: true }))).toBeNull()
    expect(chordOf(press('[', 'Digit8', { altKey: true, getModifierState: (name) => name === 'AltGraph' }))).toBeNull()
  })
  it('counts Shift as part of a sign', () => {
    expect(found(press('+', 'Equal', { altKey: true, shiftKey: true }))).toBe('review.zoomIn')
    expect(found(press('/', 'Digit7', { altKey: true, shiftKey: true }))).toBe('review.search')
  })
})

describe('labels', () => {
  it('are as printed on the keyboard', () => {
    expect(keyLabel('Mod+Shift+Z', false)).toBe('Ctrl Shift Z')
    expect(keyLabel('Mod+Z', true)).toBe('⌘ Z')
    expect(keyLabel('Alt++', false)).toBe('Alt +')
    expect(keyLabel('ArrowUp', false)).toBe('↑')
  })
})
