/** The commands of the grid by name. */
import { define, type Spec } from '../../lib/keymap'
import type { NamesModel } from './model.svelte'

/** What the commands reach of the view. */
export interface NamesParts {
  readonly model: NamesModel
  confirm(): void
  takeOut(): void
  correct(): void
  closer(): void
  openInReview(): void
  step(by: 1 | -1): void
  search(): void
  more(): void
}

/** Only where a crop is there, and never again and again while a key is held. */
const onCrop = (spec: Omit<Spec<NamesParts>, 'when' | 'run'>, act: (parts: NamesParts) => void): Spec<NamesParts> => ({
  ...spec,
  when: ({ model }) => model.activeId !== null,
  run(parts, event) {
    if (!event?.repeat) act(parts)
  }
})

export const namesCommands = define<NamesParts, 'names'>('names', 'names', {
  confirm: onCrop({ group: 'decide', keys: ['Enter'] }, (parts) => parts.confirm()),
  takeOut: onCrop({ group: 'decide', keys: ['X'] }, (parts) => parts.takeOut()),
  correct: onCrop({ group: 'decide', keys: ['F2'] }, (parts) => parts.correct()),
  undo: { group: 'decide', keys: ['Mod+Z'], run: ({ model }) => model.undo() },
  redo: { group: 'decide', keys: ['Mod+Shift+Z', 'Mod+Y'], run: ({ model }) => model.redo() },
  next: { group: 'move', keys: ['Alt+ArrowDown'], run: (parts) => parts.step(1) },
  previous: { group: 'move', keys: ['Alt+ArrowUp'], run: (parts) => parts.step(-1) },
  arrows: { group: 'move', keys: ['ArrowLeft', 'ArrowUp', 'ArrowRight', 'ArrowDown'], native: true },
  pages: { group: 'move', keys: ['PageUp', 'PageDown', 'Home', 'End'], native: true },
  closer: onCrop({ group: 'view', keys: ['Space'] }, (parts) => parts.closer()),
  review: onCrop({ group: 'view', keys: ['O'] }, (parts) => parts.openInReview()),
  search: { group: 'view', keys: ['Mod+F', '/'], run: (parts) => parts.search() },
  more: { group: 'view', keys: ['R'], run: (parts) => parts.more() }
})
