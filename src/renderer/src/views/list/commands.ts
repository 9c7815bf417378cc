/** The commands of the list. */
import { wordStates } from '../../../../shared/states'
import { t } from '../../i18n'
import { forEachState, letters } from '../../lib/decisions'
import { define } from '../../lib/keymap'
import type { ListModel } from './model.svelte'

/** What the commands reach of the view. */
export interface ListParts {
  readonly model: ListModel
  flag(): void
  /** Asks before the files of the targets are taken out. */
  remove(): void
  /** The row that went back is to be seen. */
  reveal(): void
  openInReview(id: number): void
  search(): void
}

export const listCommands = define<ListParts, 'list'>('list', 'list', {
  accept: {
    group: 'decide',
    keys: ['A'],
    button: t('list:selection.accept'),
    run: ({ model }) => model.decide('accepted')
  },
  reading: {
    group: 'decide',
    keys: ['T'],
    button: t('list:selection.reading'),
    run: ({ model }) => model.decide('accepted', { take: 'reading' })
  },
  ...forEachState((state, letter) => ({
    group: 'decide',
    keys: [letter],
    button: t(`list:selection.${state}`),
    run: ({ model }) => model.decide(state)
  })),
  flag: { group: 'decide', keys: [letters.flagged], button: t('list:selection.flag'), run: (parts) => parts.flag() },
  undo: { group: 'decide', keys: ['Mod+Z'], run: ({ model, reveal }) => model.undo(reveal) },
  redo: { group: 'decide', keys: ['Mod+Shift+Z', 'Mod+Y'], run: ({ model, reveal }) => model.redo(reveal) },
  remove: { group: 'rows', keys: ['Delete'], run: (parts) => parts.remove() },
  toggle: { group: 'select', keys: ['Space'], native: true },
  extend: { group: 'select', keys: ['Shift+ArrowUp', 'Shift+ArrowDown'], native: true },
  all: { group: 'select', keys: ['Mod+A'], run: ({ model }) => model.all() },
  clear: { group: 'select', keys: ['Escape'], run: ({ model }) => model.clear() },
  step: { group: 'move', keys: ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'], native: true },
  open: {
    group: 'move',
    keys: ['Enter'],
    run({ model, openInReview }) {
      const id = model.activeId
      if (id !== undefined) openInReview(id)
    }
  },
  search: { group: 'rows', keys: ['Mod+F', '/'], run: (parts) => parts.search() },
  refresh: { group: 'rows', keys: ['R'], button: t('list:changed'), run: ({ model }) => model.showPending() }
})

/** What can be done with selected rows, as buttons. */
export const selectionTools = ['accept', 'reading', ...wordStates, 'flag'].map((name) => `list.${name}`)
