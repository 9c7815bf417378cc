/** Where the keyboard is when nobody has taken it elsewhere: never on the page's body, where keys lead nowhere. */
import type { View } from './session.svelte'

const homes: Partial<Record<View, string>> = {
  review: '[data-reading-input]',
  list: '[role=grid]',
  pages: '#main .desk [role=listbox]'
}
/** What comes first where a view says nothing else: its one primary action, then the view itself. */
const fallback = ['#main .go:not(:disabled)', '#main']

export const hasHome = (view: View): boolean => view in homes

export function goHome(view: View): void {
  for (const selector of [homes[view] ?? [], fallback].flat()) {
    const home = document.querySelector<HTMLElement>(selector)
    if (!home) continue
    home.focus({ preventScroll: true })
    return
  }
}

/** Whether nothing has the focus that a key could act on: on the view itself nothing can be pressed. */
export const nothingHasFocus = (): boolean =>
  [null, document.body, document.querySelector('#main')].includes(document.activeElement as HTMLElement)

/** Brings the focus home whenever what had it is gone: a dialog that closed, a field that was the last. */
export function keepFocus(view: () => View): () => void {
  let waiting = false
  const look = (): void => {
    if (waiting) return
    waiting = true
    // What takes the focus itself comes first.
    setTimeout(() => {
      waiting = false
      if (nothingHasFocus() && document.hasFocus() && !document.querySelector('[role=dialog]')) goHome(view())
    }, 60)
  }
  const observer = new MutationObserver(look)
  observer.observe(document.body, { childList: true, subtree: true })
  return () => observer.disconnect()
}
