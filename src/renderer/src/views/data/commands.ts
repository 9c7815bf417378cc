/** The commands of the data view: its tabs, its suspects, and its blind check. */
import { wordStates, type WordState } from '../../../../shared/states'
import { forEachState, letters } from '../../lib/decisions'
import { define, type Spec } from '../../lib/keymap'
import type { Tab } from './kept.svelte'

/** What the commands reach: each part of the view has those that it provides. */
export interface DataParts {
  choose(tab: Tab): void
  keep(): void
  take(): void
  open(): void
  /** Whether a suspect is shown. */
  shown(): boolean
  undo(): unknown
  redo(): void
  decide(kind: WordState | 'flagged'): void
  toggleReading(): void
  leave(): void
}
type Part = Partial<DataParts>

const tab = (name: Tab, place: number): Spec<Part> => ({
  group: 'tabs',
  keys: [`Alt+${place}`],
  run: (part) => part.choose?.(name)
})

/** Once a press, where a suspect is shown. */
const onSuspect = (keys: string[], act: (part: Part) => void): Spec<Part> => ({
  group: 'suspects',
  keys,
  when: (part) => part.shown?.(),
  run(part, event) {
    if (!event?.repeat) act(part)
  }
})

export const dataCommands = define<Part, 'data'>('data', 'data', {
  overview: tab('overview', 1),
  suspects: tab('suspects', 2),
  confidence: tab('confidence', 3),
  acceptance: tab('acceptance', 4),
  history: tab('history', 5),
  keep: onSuspect(['K'], (part) => part.keep?.()),
  take: onSuspect(['R'], (part) => part.take?.()),
  open: onSuspect(['Enter'], (part) => part.open?.()),
  arrows: { group: 'suspects', keys: ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'], native: true },
  undo: { group: 'suspects', keys: ['Mod+Z'], run: (part) => part.undo?.() },
  redo: { group: 'suspects', keys: ['Mod+Shift+Z', 'Mod+Y'], run: (part) => part.redo?.() },
  ...forEachState((state, letter) => ({
    group: 'blind',
    keys: [`Alt+${letter}`],
    run: (part) => part.decide?.(state)
  })),
  flag: { group: 'blind', keys: [`Alt+${letters.flagged}`], run: (part) => part.decide?.('flagged') },
  reading: { group: 'blind', keys: ['Alt+R'], run: (part) => part.toggleReading?.() },
  leave: { group: 'blind', keys: ['Escape'], run: (part) => part.leave?.() }
})

export const tabNames = ['overview', 'suspects', 'confidence', 'acceptance', 'history'] as const
export const suspectNames = ['keep', 'take', 'open', 'undo', 'redo'] as const
export const blindNames = ['undo', ...wordStates, 'flag', 'reading', 'leave'] as const
