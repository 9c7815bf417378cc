/** The commands of the review. */
import Contrast from '@lucide/svelte/icons/contrast'
import FileScan from '@lucide/svelte/icons/file-scan'
import Flag from '@lucide/svelte/icons/flag'
import Minus from '@lucide/svelte/icons/minus'
import PanelRight from '@lucide/svelte/icons/panel-right'
import Plus from '@lucide/svelte/icons/plus'
import Redo2 from '@lucide/svelte/icons/redo-2'
import RotateCcw from '@lucide/svelte/icons/rotate-ccw'
import RotateCw from '@lucide/svelte/icons/rotate-cw'
import Search from '@lucide/svelte/icons/search'
import SunMoon from '@lucide/svelte/icons/sun-moon'
import Undo2 from '@lucide/svelte/icons/undo-2'
import type { DecisionKind, FieldRow, Order, QuarterTurns } from '../../../../shared/domain'
import { isWordState } from '../../../../shared/states'
import { t } from '../../i18n'
import { forEachState, letters } from '../../lib/decisions'
import { define, type Spec } from '../../lib/keymap'
import { isPlain } from '../../lib/keys'
import { nextOrder } from './filters'
import { look, zoomBy } from './picture.svelte'
import type { Queue } from './queue.svelte'

/** What the commands reach of the view. */
export interface ReviewParts {
  readonly queue: Queue
  readonly row: () => FieldRow | null
  /** Whether digits type, so that readings are picked with Alt. */
  readonly digitsType: () => boolean
  /** Whether the text is a person's own, none of the readings. */
  readonly isTyped: () => boolean
  accept(): void
  decide(kind: DecisionKind): void
  setText(text: string): void
  revert(): boolean
  stepDoubt(direction: 1 | -1): void
  rotate(turns: QuarterTurns): void
  flag(): void
  /** The field in its page. */
  inPage(): void
  search(): void
  setOrder(order: Order): void
  togglePanel(): void
  closePanel(): boolean
  leave(): void
  toggleCapitals(): void
  say(message: string): void
}

type Review = Spec<ReviewParts>

/** Only where a field is shown. */
const onField = (spec: Omit<Review, 'when' | 'run'>, act: (row: FieldRow, parts: ReviewParts) => unknown): Review => ({
  ...spec,
  when: (parts) => parts.row(),
  run: (parts) => act(parts.row()!, parts)
})

const turn = (spec: Omit<Review, 'when' | 'run'>, by: 1 | 3): Review =>
  onField(spec, (row, parts) => parts.rotate(((row.rotation + by) % 4) as QuarterTurns))

const alternative = (place: number): Review => ({
  group: 'text',
  keys: [`${place}`, `Alt+${place}`],
  when: (parts) => parts.row()?.alternatives[place - 1],
  run(parts, event) {
    if (event && isPlain(event) && parts.digitsType()) return false
    // On the French keyboard é is on the key of 2: it picks until something is typed, and types from then on.
    if (event && isPlain(event) && !/^\d$/.test(event.key) && parts.isTyped()) return false
    parts.setText(parts.row()!.alternatives[place - 1]!.text)
  }
})

export const reviewCommands = define<ReviewParts, 'review'>('review', 'review', {
  accept: { group: 'decide', keys: ['Enter'], run: (parts) => parts.accept() },
  ...forEachState((state, letter) =>
    onField({ group: 'decide', keys: [`Alt+${letter}`] }, (_, parts) => parts.decide(state))
  ),
  flag: onField({ group: 'decide', keys: [`Alt+${letters.flagged}`], icon: Flag }, (_, parts) => parts.flag()),
  undo: {
    group: 'decide',
    keys: ['Mod+Z'],
    button: t('common:undo'),
    icon: Undo2,
    run: (parts) => parts.revert() || parts.queue.undo()
  },
  redo: {
    group: 'decide',
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    button: t('review:bar.redo'),
    icon: Redo2,
    run: (parts) => parts.queue.redo()
  },
  skip: { group: 'move', keys: ['ArrowDown', 'PageDown'], run: (parts) => parts.queue.next() },
  back: {
    group: 'move',
    keys: ['ArrowUp', 'Shift+Enter', 'PageUp'],
    run(parts) {
      if (!parts.queue.back()) parts.say(t('review:first'))
    }
  },
  nextDoubt: onField({ group: 'move', keys: ['Tab'] }, (_, parts) => parts.stepDoubt(1)),
  previousDoubt: onField({ group: 'move', keys: ['Shift+Tab'] }, (_, parts) => parts.stepDoubt(-1)),
  leave: { group: 'move', keys: ['F6'], run: (parts) => parts.leave() },
  type: { group: 'text', keys: ['A…Z'], native: true },
  caret: { group: 'text', keys: ['←', '→', 'Home', 'End'], native: true },
  selectAll: { group: 'text', keys: ['Mod+A'], native: true },
  revert: { group: 'text', keys: ['Escape'], run: (parts) => parts.revert() || parts.closePanel() },
  capitals: { group: 'text', run: (parts) => parts.toggleCapitals() },
  imported: onField({ group: 'text', keys: ['Alt+L'] }, (row, parts) => {
    if (isWordState(row.importedState)) parts.decide(row.importedState)
    else if (row.imported !== null) parts.setText(row.imported)
    else parts.say(t('review:noLabel'))
  }),
  reading: onField({ group: 'text', keys: ['Alt+R'] }, (row, parts) => {
    if (row.reading === null) parts.say(t('review:notReadField'))
    else parts.setText(row.reading)
  }),
  alternative1: alternative(1),
  alternative2: alternative(2),
  alternative3: alternative(3),
  alternative4: alternative(4),
  alternative5: alternative(5),
  zoomOut: { group: 'view', keys: ['Alt+-'], icon: Minus, run: () => zoomBy(-1) },
  zoomIn: { group: 'view', keys: ['Alt+=', 'Alt++'], icon: Plus, run: () => zoomBy(1) },
  zoomReset: { group: 'view', keys: ['Alt+0'], run: () => (look.zoom = 1) },
  rotateLeft: turn({ group: 'view', keys: ['Alt+[', 'Alt+,'], icon: RotateCcw }, 3),
  rotateRight: turn({ group: 'view', keys: ['Alt+]', 'Alt+.'], icon: RotateCw }, 1),
  invert: { group: 'view', keys: ['Alt+I'], icon: SunMoon, run: () => void (look.invert = !look.invert) },
  contrast: { group: 'view', keys: ['Alt+C'], icon: Contrast, run: () => void (look.contrast = !look.contrast) },
  order: { group: 'queue', keys: ['Alt+O'], run: (parts) => parts.setOrder(nextOrder(parts.queue.order)) },
  search: {
    group: 'queue',
    keys: ['Mod+F', 'Alt+/'],
    button: t('review:bar.searchQueue'),
    icon: Search,
    run: (parts) => parts.search()
  },
  panel: {
    group: 'queue',
    keys: ['Alt+P'],
    button: t('review:bar.panel'),
    icon: PanelRight,
    run: (parts) => parts.togglePanel()
  },
  inPage: onField({ group: 'view', keys: ['Alt+G'], icon: FileScan }, (row, parts) =>
    row.pageId === null ? parts.say(t('pages:inPage.none')) : parts.inPage()
  )
})

/** What is done to the picture, as buttons under it. */
export const pictureTools = ['zoomOut', 'zoomIn', 'rotateLeft', 'rotateRight', 'invert', 'contrast', 'flag'].map(
  (name) => `review.${name}`
)
