/** Puts several boxes in order. What all follow is the box that was chosen last, `lead`; it stays as it is. */
import { bottom, right, type Box } from '../geometry/shapes'
import { change, type Draft } from './draft'

export const alignments = ['left', 'right', 'top', 'bottom', 'width', 'height', 'across', 'down'] as const
export type Alignment = (typeof alignments)[number]

type Keyed = Box & { readonly key: number }

/** New places, by key: those of `across` and `down` have equal gaps between the first and the last. */
function spread(boxes: readonly Keyed[], along: 'x' | 'y'): Map<number, number> {
  const size = along === 'x' ? 'width' : 'height'
  const sorted = [...boxes].sort((a, b) => a[along] - b[along])
  const first = sorted[0]!
  const last = sorted.at(-1)!
  const free = last[along] + last[size] - first[along] - sorted.reduce((sum, box) => sum + box[size], 0)
  const gap = free / (sorted.length - 1)
  const places = new Map<number, number>()
  let at = first[along]
  for (const box of sorted) {
    places.set(box.key, Math.round(at))
    at += box[size] + gap
  }
  return places
}

export function align(draft: Draft, keys: ReadonlySet<number>, lead: number, how: Alignment): Draft {
  const chosen = draft.boxes.filter((box) => keys.has(box.key))
  const model = chosen.find((box) => box.key === lead) ?? chosen[0]
  if (!model || chosen.length < 2) return draft
  if (how === 'across' || how === 'down') {
    if (chosen.length < 3) return draft
    const along = how === 'across' ? 'x' : 'y'
    const places = spread(chosen, along)
    return change(draft, keys, (box) => ({ [along]: places.get(box.key)! }))
  }
  return change(draft, keys, (box) => {
    if (how === 'left') return { x: model.x }
    if (how === 'right') return { x: right(model) - box.width }
    if (how === 'top') return { y: model.y }
    if (how === 'bottom') return { y: bottom(model) - box.height }
    return how === 'width' ? { width: model.width } : { height: model.height }
  })
}
