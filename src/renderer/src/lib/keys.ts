/** Presses of keys and how they are written: `Mod+K` (Ctrl, on a Mac Command), `Alt+B`, `Shift+Enter`, `F1`, `1`; letters and signs as on the keyboard. */
import { t } from '../i18n'

export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent)

/** What of a KeyboardEvent matters here. */
export interface KeyPress {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
  isComposing: boolean
  repeat?: boolean
  getModifierState?(name: string): boolean
}

const signsOfCodes: Record<string, string> = {
  Equal: '=',
  Minus: '-',
  BracketLeft: '[',
  BracketRight: ']',
  Slash: '/',
  Comma: ',',
  Period: '.',
  NumpadAdd: '+',
  NumpadSubtract: '-'
}

/** The key's own name whatever Alt makes of it: a Mac's Alt+B gives `∫`, so the place on the keyboard says what it was. */
function keyName(event: KeyPress): string {
  if (event.key === ' ') return 'Space'
  if (!event.altKey || /^[a-z0-9=+\-[\]/,.]$/i.test(event.key) || event.key.length > 1) {
    if (event.key !== 'Dead') return event.key
  }
  const letter = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code)?.[1]
  return letter ?? signsOfCodes[event.code] ?? event.key
}

/** `Mod+Shift+Z` of an event, or null for a press that can't be a command: composing, AltGr (it types). */
export function chordOf(event: KeyPress, mac = isMac): string | null {
  if (event.isComposing || event.key === 'Process' || event.getModifierState?.('AltGraph')) return null
  if (event.ctrlKey && event.altKey) return null
  const mod = mac ? event.metaKey : event.ctrlKey
  const other = mac ? event.ctrlKey : event.metaKey
  if (other) return null
  const name = keyName(event)
  const single = [...name].length === 1
  // Signs need Shift on some keyboards; there Shift is part of the sign.
  const shift = event.shiftKey && (!single || /[a-z]/i.test(name))
  return `${mod ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${single ? name.toUpperCase() : name}`
}

/** Whether a browser would go back by it, or a menu bar take the keyboard, and with it the letters that come next. */
export const leavesThePage = (event: Pick<KeyPress, 'key' | 'altKey'>, mac = isMac): boolean =>
  !mac && (event.key === 'Alt' || (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')))

/** Whether a chord would type or move in a text: such a command acts only where its view says so. */
export const isPlain = (event: KeyPress): boolean => !event.ctrlKey && !event.metaKey && !event.altKey

/** Keys whose names are printed on them in the person's language. */
const named = [
  'Escape',
  'Enter',
  'Space',
  'Home',
  'End',
  'PageUp',
  'PageDown',
  'Delete',
  'Backspace',
  'Insert',
  'Shift'
] as const
const names: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ...Object.fromEntries(named.map((key) => [key, t(`keys:names.${key}`)]))
}

/** A key as it is printed on the keyboard: `Mod+Shift+Z` → `Ctrl Shift Z`, on a Mac `⌘ ⇧ Z`. */
export function keyLabel(key: string, mac = isMac): string {
  const parts = key === '+' ? [key] : key.endsWith('++') ? [...key.slice(0, -2).split('+'), '+'] : key.split('+')
  return parts
    .map((part) => {
      if (part === 'Mod') return mac ? '⌘' : 'Ctrl'
      if (part === 'Alt') return mac ? '⌥' : 'Alt'
      if (part === 'Shift' && mac) return '⇧'
      return names[part] ?? part
    })
    .join(' ')
}
