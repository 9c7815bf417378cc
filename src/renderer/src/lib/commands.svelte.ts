/** Which commands can be carried out now: each view provides its own while it is there. */
import { SvelteMap } from 'svelte/reactivity'
import { command, findCommand, type CommandSet, type Handler, type Scope } from './keymap'
import { isPlain, type KeyPress } from './keys'

const handlers = new SvelteMap<string, Handler>()

/** Provides handlers by command id; returns how to take them away again. */
export function provide(provided: Record<string, Handler>): () => void {
  for (const [id, handler] of Object.entries(provided)) {
    command(id)
    handlers.set(id, handler)
  }
  return () => {
    for (const [id, handler] of Object.entries(provided)) if (handlers.get(id) === handler) handlers.delete(id)
  }
}

export const isAvailable = (id: string): boolean => handlers.has(id)

export const run = (id: string, event?: KeyPress): boolean => {
  const handler = handlers.get(id)
  return handler ? handler(event) !== false : false
}

/** A press in a part of the view that has the keys of `scope`, plain ones too: the window's handler leaves those to it. */
export function runOwn(event: KeyboardEvent, scope: Scope): boolean {
  const found = findCommand(event, scope)
  return found?.scope === scope && run(found.id, event)
}

/** The commands of a view can be carried out as long as the component that calls this is there; undefined: not now. */
export function useCommands<View, Name extends string>(
  set: CommandSet<View, Name>,
  view: () => View | undefined,
  names?: readonly Name[]
): void {
  $effect(() => {
    const here = view()
    return here === undefined ? undefined : provide(set.handlers(here, names))
  })
}

/** Controls of their own: plain keys stay theirs. The review's input and the page itself are not. */
const owners = 'input, textarea, select, [role=listbox], [role=menu], [role=dialog], [tabindex]:not([data-home])'
const ownsPlainKeys = ({ key, target }: KeyboardEvent): boolean => {
  if (!(target instanceof Element) || target.closest('[data-reading-input]')) return false
  // A button has no use for a letter.
  const letter = [...key].length === 1 && key !== ' '
  return target.closest(letter ? owners : `button, a, ${owners}`) !== null
}

const isDialogOpen = (): boolean =>
  document.querySelector('[role=dialog][aria-modal=true], [role=dialog][data-state=open]') !== null

/** The window's key handler. Modal dialogs keep their keys. */
export function handleKey(event: KeyboardEvent, scope: Scope): void {
  if (event.defaultPrevented) return
  if (isDialogOpen()) return
  const found = findCommand(event, scope)
  if (!found) return
  const functionKey = /^F\d+$/.test(event.key)
  if (isPlain(event) && !functionKey && ownsPlainKeys(event)) return
  if (isTextUndo(found.id) && isOtherText(event.target)) return
  if (run(found.id, event)) event.preventDefault()
}

/** As the menu asks for it: of a text that is typed in a control of its own, else of what the view on screen did. */
export function takeBack(which: 'undo' | 'redo'): void {
  const isOfView = !isDialogOpen() && !isOtherText(document.activeElement)
  const ids = [...handlers.keys()].filter((id) => id.endsWith(`.${which}`))
  if (!isOfView || !ids.some((id) => run(id))) document.execCommand(which)
}

const isTextUndo = (id: string): boolean => id.endsWith('.undo') || id.endsWith('.redo')
const isOtherText = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('[data-reading-input]') === null &&
  target.closest('input, textarea') !== null
