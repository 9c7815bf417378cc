/** What a view puts into the frame around it. */
export interface Hint {
  /** Keys of the keymap, e.g. `Alt+B`; several are shown side by side. */
  keys: string[]
  label: string
}

export const frame = $state<{ hints: Hint[] }>({ hints: [] })
