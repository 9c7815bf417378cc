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

/** Shows these in the foot as long as the view that calls it is there; undefined: what a part of it says. */
export function showHints(hints: () => Hint[] | undefined): void {
  $effect(() => {
    const shown = hints()
    if (shown) frame.hints = shown
  })
  // Not in the effect above: what a part has just said would be cleared.
  $effect(() => () => (frame.hints = []))
}

/** The view's keys are those of this scope as long as it is there. */
export function useScope(scope: Scope): void {
  $effect(() => {
    frame.scope = scope
    return () => (frame.scope = null)
  })
}
