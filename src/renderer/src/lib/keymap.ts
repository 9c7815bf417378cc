/**
 * The one table of commands and keys. The key handler, the hints, the key sheet and the palette are all drawn from it.
 * A key is written `Mod+K` (Ctrl, on a Mac Command), `Alt+B`, `Shift+Enter`, `F1`, `1`; letters and signs as on the keyboard.
 */
import { SvelteMap } from 'svelte/reactivity'
import { t } from '../i18n'
import type { en } from '../i18n/en'
import { pageCommands } from './pageKeys'

export type Scope = 'everywhere' | 'review' | 'names' | 'list' | 'pages' | 'page' | 'template' | 'data' | 'team'

type Titles = (typeof en)['keys']['commands']
type Group = keyof (typeof en)['keys']['groups']

export interface Command {
  readonly id: string
  readonly title: string
  /** Heading in the sheet. */
  readonly group: string
  readonly scope: Scope
  /** The first is the one shown. */
  readonly keys: readonly string[]
  /** Only in the sheet: the input itself does it. */
  readonly native?: boolean
}

const native = { native: true }
const review = (group: Group, id: keyof Titles['review'], keys: string[], more: Partial<Command> = {}): Command => ({
  id: `review.${id}`,
  title: t(`keys:commands.review.${id}`),
  group: t(`keys:groups.${group}`),
  scope: 'review',
  keys,
  ...more
})
const list = (group: Group, id: keyof Titles['list'], keys: string[], more: Partial<Command> = {}): Command => ({
  id: `list.${id}`,
  title: t(`keys:commands.list.${id}`),
  group: t(`keys:groups.${group}`),
  scope: 'list',
  keys,
  ...more
})
const name = (
  group: keyof (typeof en)['names']['groups'],
  id: keyof (typeof en)['names']['commands'],
  keys: string[],
  more: Partial<Command> = {}
): Command => ({
  id: `names.${id}`,
  title: t(`names:commands.${id}`),
  group: t(`names:groups.${group}`),
  scope: 'names',
  keys,
  ...more
})
const data = (
  group: keyof (typeof en)['data']['groups'],
  id: keyof (typeof en)['data']['commands'],
  keys: string[],
  more: Partial<Command> = {}
): Command => ({
  id: `data.${id}`,
  title: t(`data:commands.${id}`),
  group: t(`data:groups.${group}`),
  scope: 'data',
  keys,
  ...more
})
const team = (id: keyof Titles['team'], keys: string[]): Command => ({
  id: `team.${id}`,
  title: t(`keys:commands.team.${id}`),
  group: t('keys:groups.second'),
  scope: 'team',
  keys
})
const everywhere = (id: `app.${keyof Titles['app']}` | `go.${keyof Titles['go']}`, keys: string[] = []): Command => ({
  id,
  title: t(`keys:commands.${id}`),
  group: t('keys:groups.everywhere'),
  scope: 'everywhere',
  keys
})

export const commands: readonly Command[] = [
  review('decide', 'accept', ['Enter']),
  review('decide', 'blank', ['Alt+B']),
  review('decide', 'illegible', ['Alt+X']),
  review('decide', 'flag', ['Alt+F']),
  review('decide', 'undo', ['Mod+Z']),
  review('decide', 'redo', ['Mod+Shift+Z', 'Mod+Y']),
  review('move', 'skip', ['ArrowDown', 'PageDown']),
  review('move', 'back', ['ArrowUp', 'Shift+Enter', 'PageUp']),
  review('move', 'nextDoubt', ['Tab']),
  review('move', 'previousDoubt', ['Shift+Tab']),
  review('move', 'leave', ['F6']),
  review('text', 'type', ['A…Z'], native),
  review('text', 'caret', ['←', '→', 'Home', 'End'], native),
  review('text', 'selectAll', ['Mod+A'], native),
  review('text', 'revert', ['Escape']),
  review('text', 'capitals', []),
  review('text', 'imported', ['Alt+L']),
  review('text', 'reading', ['Alt+R']),
  ...[1, 2, 3, 4, 5].map((number) =>
    review('text', 'alternative', [`${number}`, `Alt+${number}`], {
      id: `review.alternative${number}`,
      title: t('keys:commands.review.alternative', { number })
    })
  ),
  review('view', 'zoomIn', ['Alt+=', 'Alt++']),
  review('view', 'zoomOut', ['Alt+-']),
  review('view', 'zoomReset', ['Alt+0']),
  review('view', 'invert', ['Alt+I']),
  review('view', 'contrast', ['Alt+C']),
  review('view', 'rotateLeft', ['Alt+[', 'Alt+,']),
  review('view', 'rotateRight', ['Alt+]', 'Alt+.']),
  review('queue', 'order', ['Alt+O']),
  review('queue', 'search', ['Mod+F', 'Alt+/']),
  review('queue', 'panel', ['Alt+P']),
  review('view', 'inPage', ['Alt+G']),
  list('decide', 'accept', ['A']),
  list('decide', 'reading', ['T']),
  list('decide', 'blank', ['B']),
  list('decide', 'illegible', ['X']),
  list('decide', 'flag', ['F']),
  list('decide', 'undo', ['Mod+Z']),
  list('decide', 'redo', ['Mod+Shift+Z', 'Mod+Y']),
  list('select', 'toggle', ['Space'], native),
  list('select', 'extend', ['Shift+ArrowUp', 'Shift+ArrowDown'], native),
  list('select', 'all', ['Mod+A']),
  list('select', 'clear', ['Escape']),
  list('move', 'step', ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'], native),
  list('move', 'open', ['Enter']),
  list('rows', 'search', ['Mod+F', '/']),
  list('rows', 'refresh', ['R']),
  name('decide', 'confirm', ['Enter']),
  name('decide', 'takeOut', ['X']),
  name('decide', 'correct', ['F2']),
  name('decide', 'undo', ['Mod+Z']),
  name('decide', 'redo', ['Mod+Shift+Z', 'Mod+Y']),
  name('move', 'next', ['Alt+ArrowDown']),
  name('move', 'previous', ['Alt+ArrowUp']),
  name('move', 'arrows', ['ArrowLeft', 'ArrowUp', 'ArrowRight', 'ArrowDown'], native),
  name('move', 'pages', ['PageUp', 'PageDown', 'Home', 'End'], native),
  name('view', 'closer', ['Space']),
  name('view', 'review', ['O']),
  name('view', 'search', ['Mod+F', '/']),
  name('view', 'more', ['R']),
  ...pageCommands,
  data('tabs', 'overview', ['Alt+1']),
  data('tabs', 'suspects', ['Alt+2']),
  data('tabs', 'confidence', ['Alt+3']),
  data('tabs', 'acceptance', ['Alt+4']),
  data('tabs', 'history', ['Alt+5']),
  data('suspects', 'keep', ['K']),
  data('suspects', 'take', ['R']),
  data('suspects', 'open', ['Enter']),
  data('suspects', 'arrows', ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'], native),
  data('suspects', 'undo', ['Mod+Z']),
  data('suspects', 'redo', ['Mod+Shift+Z', 'Mod+Y']),
  data('blind', 'blank', ['Alt+B']),
  data('blind', 'illegible', ['Alt+X']),
  data('blind', 'flag', ['Alt+F']),
  data('blind', 'reading', ['Alt+R']),
  data('blind', 'leave', ['Escape']),
  team('first', ['1']),
  team('second', ['2']),
  team('blank', ['Alt+B']),
  team('illegible', ['Alt+X']),
  team('leave', ['Escape']),
  everywhere('app.palette', ['Mod+K']),
  everywhere('app.keys', ['F1']),
  everywhere('go.review'),
  everywhere('go.names'),
  everywhere('go.list'),
  everywhere('go.pages'),
  everywhere('go.data'),
  everywhere('go.team'),
  everywhere('go.import'),
  everywhere('go.models'),
  everywhere('go.export'),
  everywhere('go.home'),
  everywhere('app.theme'),
  everywhere('app.english'),
  everywhere('app.french'),
  everywhere('app.reviewer')
]

const byId = new Map(commands.map((command) => [command.id, command]))

/** @throws Error for an id that is not in the table, a fault of ours */
export function command(id: string): Command {
  const found = byId.get(id)
  if (!found) throw new Error(`There is no command ${id}`)
  return found
}

/** Keys that a person gave to commands in place of the table's; see changeKeys.ts. */
const chosen = new SvelteMap<string, readonly string[]>()

/** The keys of a command as they are now; the first is the one shown. */
export const keysOf = (id: string): readonly string[] => chosen.get(id) ?? command(id).keys

export const chosenKeys = (): Record<string, readonly string[]> => Object.fromEntries(chosen)

/** From now on these keys are a person's own, all others the table's. */
export function chooseKeys(keys: Record<string, readonly string[]>): void {
  for (const id of [...chosen.keys()]) if (!(id in keys)) chosen.delete(id)
  for (const [id, own] of Object.entries(keys)) chosen.set(id, own)
}

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

/** The command of a press in a scope, or null. */
export function findCommand(event: KeyPress, scope: Scope, mac = isMac): Command | null {
  const chord = chordOf(event, mac)
  if (chord === null) return null
  return (
    commands.find(
      (candidate) =>
        !candidate.native &&
        (candidate.scope === scope || candidate.scope === 'everywhere') &&
        keysOf(candidate.id).includes(chord)
    ) ?? null
  )
}

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

/** `aria-keyshortcuts` of a command. */
export const ariaKeys = (id: string, mac = isMac): string | undefined =>
  keysOf(id).length === 0
    ? undefined
    : keysOf(id)
        .map((key) => key.replace('Mod', mac ? 'Meta' : 'Control'))
        .join(' ')
