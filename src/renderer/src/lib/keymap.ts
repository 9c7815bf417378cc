/**
 * The one table of commands and keys. The key handler, the hints, the key sheet and the palette are all drawn from it.
 * A key is written `Mod+K` (Ctrl, on a Mac Command), `Alt+B`, `Shift+Enter`, `F1`, `1`; letters and signs as on the keyboard.
 */
import { SvelteMap } from 'svelte/reactivity'
import { t } from '../i18n'
import { pageCommands } from './pageKeys'

export type Scope = 'everywhere' | 'review' | 'names' | 'list' | 'pages' | 'page' | 'template' | 'data' | 'team'

export interface Command {
  readonly id: string
  readonly title: string
  /** Heading in the sheet. */
  readonly group: string
  readonly scope: Scope
  /** The first is the one shown. */
  readonly keys: readonly string[]
  /** A word for hints where the title is too long. */
  readonly hint?: string
  /** Only in the sheet: the input itself does it. */
  readonly native?: boolean
}

const review = (group: string, id: string, title: string, keys: string[], hint?: string): Command => ({
  id: `review.${id}`,
  title,
  group,
  scope: 'review',
  keys,
  hint
})
const native = (title: string, keys: string[]): Command => ({
  id: `text.${keys[0]}`,
  title,
  group: 'Text',
  scope: 'review',
  keys,
  native: true
})
const list = (group: string, id: string, title: string, keys: string[], hint?: string): Command => ({
  id: `list.${id}`,
  title,
  group,
  scope: 'list',
  keys,
  hint
})
const listNative = (group: string, title: string, keys: string[]): Command => ({
  id: `list.${keys[0]}`,
  title,
  group,
  scope: 'list',
  keys,
  native: true
})
const name = (group: 'decide' | 'move' | 'view', id: NamesCommand, keys: string[]): Command => ({
  id: `names.${id}`,
  title: t(`names:commands.${id}`),
  group: t(`names:groups.${group}`),
  scope: 'names',
  keys
})
type NamesCommand = keyof (typeof import('../i18n/en/names.json'))['commands']
const team = (id: string, title: string, keys: string[], hint?: string): Command => ({
  id: `team.${id}`,
  title,
  group: 'Second keying',
  scope: 'team',
  keys,
  hint
})
const everywhere = (id: string, title: string, keys: string[] = [], hint?: string): Command => ({
  id,
  title,
  group: 'Everywhere',
  scope: 'everywhere',
  keys,
  hint
})

export const commands: readonly Command[] = [
  review('Decide', 'accept', 'Accept, or save the correction, and go on', ['Enter'], 'accept'),
  review('Decide', 'blank', 'Blank: nothing is written here', ['Alt+B'], 'blank'),
  review('Decide', 'illegible', 'Illegible', ['Alt+X'], 'illegible'),
  review('Decide', 'flag', 'Wrong crop, with a note', ['Alt+F'], 'wrong crop'),
  review('Decide', 'undo', 'Undo: first the typing, then the last decision', ['Mod+Z'], 'undo'),
  review('Decide', 'redo', 'Redo', ['Mod+Shift+Z', 'Mod+Y'], 'redo'),
  review('Move', 'skip', 'Skip to the next', ['ArrowDown', 'PageDown'], 'skip'),
  review('Move', 'back', 'Back to the one before', ['ArrowUp', 'Shift+Enter', 'PageUp'], 'back'),
  review('Move', 'nextDoubt', 'Next doubtful character', ['Tab'], 'next doubtful'),
  review('Move', 'previousDoubt', 'Doubtful character before', ['Shift+Tab']),
  review('Move', 'leave', 'Leave the text: filters, panel, rail and back', ['F6']),
  native('Type: the character under the caret is replaced where it is doubtful', ['A…Z']),
  native('Caret one character, or to the start or end', ['←', '→', 'Home', 'End']),
  native('Select all', ['Mod+A']),
  review('Text', 'revert', 'Take back the typing', ['Escape'], 'revert'),
  review('Text', 'capitals', 'Type in capitals, as the model writes, or as typed', []),
  review('Text', 'imported', 'Take the imported label', ['Alt+L'], 'imported label'),
  review('Text', 'reading', 'Take the reading', ['Alt+R'], 'reading'),
  ...[1, 2, 3, 4, 5].map((n) => review('Text', `alternative${n}`, `Take reading ${n}`, [`${n}`, `Alt+${n}`])),
  review('View', 'zoomIn', 'Larger', ['Alt+=', 'Alt++'], 'larger'),
  review('View', 'zoomOut', 'Smaller', ['Alt+-'], 'smaller'),
  review('View', 'zoomReset', 'Whole field', ['Alt+0'], 'whole'),
  review('View', 'invert', 'Invert the picture', ['Alt+I'], 'invert'),
  review('View', 'contrast', 'More contrast', ['Alt+C'], 'contrast'),
  review('View', 'rotateLeft', 'Turn left, and read again', ['Alt+[', 'Alt+,'], 'turn left'),
  review('View', 'rotateRight', 'Turn right, and read again', ['Alt+]', 'Alt+.'], 'turn right'),
  review('Queue', 'order', 'Next order of the queue', ['Alt+O'], 'order'),
  review('Queue', 'search', 'Search in the queue', ['Mod+F', 'Alt+/'], 'search'),
  review('Queue', 'panel', 'Show or hide the side panel', ['Alt+P']),
  review('View', 'inPage', t('pages:keys.inPage'), ['Alt+G'], t('pages:keys.inPageHint')),
  list('Decide', 'accept', 'Accept what is selected, or the row', ['A'], 'accept'),
  list('Decide', 'blank', 'Blank', ['B'], 'blank'),
  list('Decide', 'illegible', 'Illegible', ['X'], 'illegible'),
  list('Decide', 'flag', 'Wrong crop, with a note', ['F'], 'wrong crop'),
  list('Decide', 'undo', 'Undo', ['Mod+Z'], 'undo'),
  list('Decide', 'redo', 'Redo', ['Mod+Shift+Z', 'Mod+Y'], 'redo'),
  listNative('Select', 'Select the row, or not', ['Space']),
  listNative('Select', 'Select from here on', ['Shift+ArrowUp', 'Shift+ArrowDown']),
  list('Select', 'all', 'Select all rows', ['Mod+A'], 'all'),
  list('Select', 'clear', 'Select nothing', ['Escape'], 'clear'),
  listNative('Move', 'Row by row, page by page, to the first and last', [
    'ArrowUp',
    'ArrowDown',
    'PageUp',
    'PageDown',
    'Home',
    'End'
  ]),
  list('Move', 'open', 'Open the row in Review', ['Enter'], 'review'),
  list('Rows', 'search', 'Search', ['Mod+F', '/'], 'search'),
  list('Rows', 'refresh', 'Show the rows in their order of now', ['R'], 'refresh'),
  name('decide', 'confirm', ['Enter']),
  name('decide', 'takeOut', ['X']),
  name('decide', 'correct', ['F2']),
  name('decide', 'undo', ['Mod+Z']),
  name('decide', 'redo', ['Mod+Shift+Z', 'Mod+Y']),
  name('move', 'next', ['Alt+ArrowDown']),
  name('move', 'previous', ['Alt+ArrowUp']),
  { ...name('move', 'arrows', ['ArrowLeft', 'ArrowUp', 'ArrowRight', 'ArrowDown']), native: true },
  { ...name('move', 'pages', ['PageUp', 'PageDown', 'Home', 'End']), native: true },
  name('view', 'closer', ['Space']),
  name('view', 'review', ['O']),
  name('view', 'search', ['Mod+F', '/']),
  name('view', 'more', ['R']),
  ...pageCommands,
  team('first', 'Take the first key', ['1'], 'first'),
  team('second', 'Take the second key', ['2'], 'second'),
  team('blank', 'Blank', ['Alt+B'], 'blank'),
  team('illegible', 'Illegible', ['Alt+X'], 'illegible'),
  team('leave', 'Leave the keying or settling', ['Escape'], 'leave'),
  everywhere('app.palette', 'Find a name, a file, a command', ['Mod+K'], 'commands'),
  everywhere('app.keys', 'All keys', ['F1'], 'keys'),
  everywhere('go.review', 'Go to Review'),
  everywhere('go.names', 'Go to Names'),
  everywhere('go.list', 'Go to List'),
  everywhere('go.pages', 'Go to Pages'),
  everywhere('go.data', 'Go to Data'),
  everywhere('go.team', 'Go to People'),
  everywhere('go.import', 'Go to Import'),
  everywhere('go.models', 'Go to Models'),
  everywhere('go.export', 'Go to Export'),
  everywhere('go.home', 'Projects: open, new, sample'),
  everywhere('app.theme', 'Light or dark'),
  everywhere('app.reviewer', 'Change your name')
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

const names: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓'
}

/** A key as it is printed on the keyboard: `Mod+Shift+Z` → `Ctrl Shift Z`, on a Mac `⌘ ⇧ Z`. */
export function keyLabel(key: string, mac = isMac): string {
  const parts = key === '+' ? [key] : key.endsWith('++') ? [...key.slice(0, -2).split('+'), '+'] : key.split('+')
  return parts
    .map((part) => {
      if (part === 'Mod') return mac ? '⌘' : 'Ctrl'
      if (part === 'Alt') return mac ? '⌥' : 'Alt'
      if (part === 'Shift') return mac ? '⇧' : 'Shift'
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
