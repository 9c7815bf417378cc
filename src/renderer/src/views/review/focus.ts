/** Where the keyboard is: always in the text unless a person took it elsewhere. */
const otherTexts = 'input:not([data-reading-input]), textarea, select, [role=dialog]'

/** Whether the focus may be moved to the text: not out of a dialog or another text. */
export function mayTakeFocus(): boolean {
  if (document.querySelector('[role=dialog]')) return false
  return !document.activeElement?.matches(otherTexts)
}

/** Text → bar of the queue → side panel → rail → text. */
export function focusNextRegion(): void {
  const active = document.activeElement
  const regions = [...document.querySelectorAll<HTMLElement>('[data-reading-input], [data-region], nav.rail')].filter(
    (region) => region.offsetParent !== null
  )
  const at = regions.findIndex((region) => region === active || region.contains(active))
  const order = [...regions.slice(at + 1), ...regions.slice(0, at + 1)]
  for (const region of order) {
    const target = region.matches('input')
      ? region
      : region.querySelector<HTMLElement>('button, select, input, a[href]')
    if (target) return target.focus()
  }
}
