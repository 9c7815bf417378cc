/** The commands of all pages. */
import Search from '@lucide/svelte/icons/search'
import { t } from '../../../i18n'
import { define } from '../../../lib/keymap'
import { isTyping } from '../typing'
import type { WallModel } from './model.svelte'

/** What the commands reach of the view. */
export interface WallParts {
  readonly model: WallModel
  open(): void
  toggleProblems(): void
  search(): void
  newTemplate(): void
}

export const wallCommands = define<WallParts, 'pages'>('pages', 'pages', {
  arrows: { group: 'move', keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'], native: true },
  open: { group: 'move', keys: ['Enter'], run: (parts) => parts.open() },
  select: { group: 'select', keys: ['Space', 'X'], run: ({ model }) => model.toggle() },
  all: { group: 'select', keys: ['Mod+A'], when: () => !isTyping(), run: ({ model }) => model.all() },
  clear: { group: 'select', keys: ['Escape'], run: ({ model }) => model.clear() },
  discard: {
    group: 'decide',
    keys: ['D'],
    button: t('pages:wall.discard'),
    run: ({ model }) => void model.discard()
  },
  restore: {
    group: 'decide',
    keys: ['R'],
    button: t('pages:wall.restore'),
    run: ({ model }) => void model.restore()
  },
  again: { group: 'decide', keys: ['T'], button: t('pages:wall.again'), run: ({ model }) => void model.again() },
  problems: { group: 'view', keys: ['P'], run: (parts) => parts.toggleProblems() },
  search: {
    group: 'view',
    keys: ['Mod+F', '/'],
    button: t('pages:wall.search'),
    icon: Search,
    run: (parts) => parts.search()
  },
  template: {
    group: 'template',
    keys: ['N'],
    button: t('pages:templates.new'),
    run: (parts) => parts.newTemplate()
  }
})

/** What can be done with selected pages, as buttons. */
export const selectionTools = ['again', 'discard', 'restore'].map((name) => `pages.${name}`)
