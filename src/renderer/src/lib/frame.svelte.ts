import type { Scope } from './keymap'

/** What a view puts into the frame around it. */
export interface Hint {
  /** Commands whose first keys are shown side by side. */
  of?: string[]
  /** Keys that are no command's own, e.g. `ArrowUp`. */
  keys?: string[]
  label: string
}

/** `scope`: whose keys act where a view shows more than one thing; null: the view's own. */
export const frame = $state<{ hints: Hint[]; scope: Scope | null }>({ hints: [], scope: null })
