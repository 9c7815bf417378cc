/** A template being laid on a page by its corners. Corners are px of the page as it is shown now. */
import type { TemplateDetail } from '../../../../../shared/forms'
import { cornerProblem, type Point, type Size } from '../geometry/shapes'
import { turnedSize, type Turns } from '../geometry/turns'
import type { Gesture } from '../sheet/gesture'
import { firstCorners, moveCorner, previewFields, storedCorners, turnCorners } from './corners'

export class Laying {
  template = $state.raw<TemplateDetail>() as TemplateDetail
  corners = $state.raw<readonly Point[]>([])
  turns = $state<Turns>(0)
  readonly stored: Size
  readonly problem = $derived.by(() => cornerProblem(this.corners, this.page))
  /** Where the fields would come to lie. */
  readonly preview = $derived(this.problem === null ? previewFields(this.template, this.corners) : [])

  /** @param outline where registration guessed it, as stored; null for the page's own edge */
  constructor(template: TemplateDetail, stored: Size, turns: Turns, outline: readonly number[] | null) {
    this.template = template
    this.stored = stored
    this.turns = turns
    this.corners = firstCorners(this.page, template, outline, turns, stored)
  }

  /** The page as it is shown. */
  get page(): Size {
    return turnedSize(this.stored, this.turns)
  }

  reset(): void {
    this.corners = firstCorners(this.page, this.template, null, this.turns, this.stored)
  }

  /** Turns the page: a form that a person lays stands upright as they see it, so its corners go round. */
  turn(by: 1 | 3): void {
    const next = ((this.turns + by) % 4) as Turns
    const moved = turnCorners(this.corners, this.stored, this.turns, next)
    this.turns = next
    this.corners = by === 1 ? [...moved.slice(3), ...moved.slice(0, 3)] : [...moved.slice(1), moved[0]!]
  }

  /** As `pages.setCorners` takes them. */
  get storedCorners(): number[] {
    return storedCorners(this.corners, this.stored, this.turns)
  }

  /** A corner that follows the pointer. */
  pull(index: number): Gesture {
    const before = this.corners
    let from: Point | null = null
    return {
      move: (point) => {
        from ??= point
        this.corners = moveCorner(before, index, { x: point.x - from.x, y: point.y - from.y }, this.page)
      },
      end: () => undefined,
      cancel: () => void (this.corners = before)
    }
  }
}
