/** The nearest thing in the direction of an arrow: what lies straight on comes before what lies aside. */
import type { Point } from './shapes'

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'
export const isArrow = (key: string): key is Arrow => /^Arrow(Left|Right|Up|Down)$/.test(key)

export const arrowStep = (key: Arrow, by: number): Point => ({
  x: key === 'ArrowLeft' ? -by : key === 'ArrowRight' ? by : 0,
  y: key === 'ArrowUp' ? -by : key === 'ArrowDown' ? by : 0
})

/** A px aside counts as this many straight on. */
const aside = 2.5

/** Index of the neighbour, or -1. */
export function neighbour(places: readonly Point[], from: number, key: Arrow): number {
  const here = places[from]
  if (!here) return places.length > 0 ? 0 : -1
  const way = arrowStep(key, 1)
  let best = -1
  let least = Infinity
  places.forEach((place, index) => {
    const dx = place.x - here.x
    const dy = place.y - here.y
    const along = dx * way.x + dy * way.y
    const across = Math.abs(dx * way.y) + Math.abs(dy * way.x)
    if (index === from || along <= 0.5 || across > along * 3) return
    const cost = along + across * aside
    if (cost < least) {
      least = cost
      best = index
    }
  })
  return best
}
