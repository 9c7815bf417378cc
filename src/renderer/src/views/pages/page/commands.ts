/** The commands of one page. */
import ArrowLeft from '@lucide/svelte/icons/arrow-left'
import ChevronLeft from '@lucide/svelte/icons/chevron-left'
import ChevronRight from '@lucide/svelte/icons/chevron-right'
import { t } from '../../../i18n'
import { define } from '../../../lib/keymap'
import { zoomCommands, type Zoomed } from '../sheet/commands'
import type { PageModel } from './model.svelte'

/** What the commands reach of the view. */
export interface PageParts extends Zoomed {
  readonly model: PageModel
  /** Opens the field; while corners are set, saves them. */
  enter(): void
  step(by: 1 | -1): boolean
  back(): void
  lay(): void
  newTemplate(): void
  toggleBoxes(): void
  turn(by: 1 | 3): boolean
}

const isDiscarded = ({ model }: PageParts): boolean => model.page?.status === 'discarded'

export const pageCommands = define<PageParts, 'page'>('page', 'page', {
  arrows: { group: 'move', keys: ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'], native: true },
  open: { group: 'move', keys: ['Enter'], run: (parts) => parts.enter() },
  next: {
    group: 'move',
    keys: ['PageDown'],
    button: t('pages:page.next'),
    icon: ChevronRight,
    run: (parts) => parts.step(1)
  },
  previous: {
    group: 'move',
    keys: ['PageUp'],
    button: t('pages:page.previous'),
    icon: ChevronLeft,
    run: (parts) => parts.step(-1)
  },
  back: {
    group: 'move',
    keys: ['Escape'],
    button: t('pages:page.back'),
    icon: ArrowLeft,
    run: (parts) => parts.back()
  },
  corners: { group: 'decide', keys: ['C'], run: (parts) => parts.lay() },
  discard: {
    group: 'decide',
    keys: ['D'],
    when: (parts) => !isDiscarded(parts),
    run: ({ model }) => void model.discard()
  },
  restore: { group: 'decide', keys: ['R'], when: isDiscarded, run: ({ model }) => void model.restore() },
  again: { group: 'decide', keys: ['T'], run: ({ model }) => void model.again(null) },
  template: { group: 'template', keys: ['N'], run: (parts) => parts.newTemplate() },
  boxes: { group: 'view', keys: ['B'], run: (parts) => parts.toggleBoxes() },
  ...zoomCommands,
  turnLeft: { group: 'view', keys: [','], run: (parts) => parts.turn(3) },
  turnRight: { group: 'view', keys: ['.'], run: (parts) => parts.turn(1) }
})
