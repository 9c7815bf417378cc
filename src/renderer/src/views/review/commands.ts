/** What each command of the review does, by its id in the keymap. */
import type { DecisionKind, FieldRow, QuarterTurns } from '../../../../shared/domain'
import type { Handler } from '../../lib/commands.svelte'
import { t } from '../../i18n'
import { isPlain } from '../../lib/keymap'
import type { Queue } from './queue.svelte'
import { look, zoomBy } from './picture.svelte'
import { nextOrder } from './filters'
import type { Order } from '../../../../shared/domain'

/** What the commands reach of the view. */
export interface ReviewParts {
  readonly queue: Queue
  readonly row: () => FieldRow | null
  readonly edited: () => boolean
  /** Whether digits type, so that readings are picked with Alt. */
  readonly digitsType: () => boolean
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

export function reviewCommands(parts: ReviewParts): Record<string, Handler> {
  const { queue } = parts
  /** Only where a field is shown. */
  const onField =
    (act: (row: FieldRow) => unknown): Handler =>
    () => {
      const row = parts.row()
      return row ? act(row) : false
    }
  const turn = (by: 1 | 3): Handler => onField((row) => parts.rotate(((row.rotation + by) % 4) as QuarterTurns))
  const alternative =
    (index: number): Handler =>
    (event) => {
      const other = parts.row()?.alternatives[index]
      if (!other || (event && isPlain(event) && parts.digitsType())) return false
      parts.setText(other.text)
      return true
    }

  return {
    'review.accept': () => parts.accept(),
    'review.blank': onField(() => parts.decide('blank')),
    'review.illegible': onField(() => parts.decide('illegible')),
    'review.flag': onField(() => parts.flag()),
    'review.inPage': onField((row) => (row.pageId === null ? parts.say(t('pages:inPage.none')) : parts.inPage())),
    'review.undo': () => {
      if (!parts.revert()) queue.undo()
    },
    'review.redo': () => queue.redo(),
    'review.skip': () => queue.next(),
    'review.back': () => {
      if (!queue.back()) parts.say(t('review:first'))
    },
    'review.nextDoubt': onField(() => parts.stepDoubt(1)),
    'review.previousDoubt': onField(() => parts.stepDoubt(-1)),
    'review.leave': () => parts.leave(),
    'review.revert': () => parts.revert() || parts.closePanel(),
    'review.capitals': () => parts.toggleCapitals(),
    'review.imported': onField((row) => {
      if (row.importedState === 'blank' || row.importedState === 'illegible') parts.decide(row.importedState)
      else if (row.imported !== null) parts.setText(row.imported)
      else parts.say(t('review:noLabel'))
    }),
    'review.reading': onField((row) => {
      if (row.reading === null) parts.say(t('review:notReadField'))
      else parts.setText(row.reading)
    }),
    ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`review.alternative${n}`, alternative(n - 1)])),
    'review.zoomIn': () => zoomBy(1),
    'review.zoomOut': () => zoomBy(-1),
    'review.zoomReset': () => (look.zoom = 1),
    'review.invert': () => void (look.invert = !look.invert),
    'review.contrast': () => void (look.contrast = !look.contrast),
    'review.rotateLeft': turn(3),
    'review.rotateRight': turn(1),
    'review.order': () => parts.setOrder(nextOrder(queue.order)),
    'review.search': () => parts.search(),
    'review.panel': () => parts.togglePanel()
  }
}
