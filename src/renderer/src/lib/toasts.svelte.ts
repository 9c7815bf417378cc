/** Short messages at the foot of the window; failures stay until they are closed. */
export interface Toast {
  id: number
  kind: 'done' | 'failure' | 'note'
  text: string
  action?: { title: string; run: () => void }
}

const lifetime = 5000
/** What offers something to do waits until it is read and reached. */
const lifetimeOfOffer = 20_000
let nextId = 1

export const toasts = $state<{ list: Toast[] }>({ list: [] })

export function dismiss(id: number): void {
  toasts.list = toasts.list.filter((toast) => toast.id !== id)
}

export function toast(kind: Toast['kind'], text: string, action?: Toast['action']): number {
  const id = nextId++
  toasts.list = [...toasts.list.filter((other) => other.text !== text), { id, kind, text, action }].slice(-4)
  if (kind !== 'failure') setTimeout(() => dismiss(id), action ? lifetimeOfOffer : lifetime)
  return id
}
