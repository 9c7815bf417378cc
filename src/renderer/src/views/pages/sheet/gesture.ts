import type { Point } from '../geometry/shapes'

/** What a press of the pointer began; points are px of the page as it is shown. */
export interface Gesture {
  move(point: Point, event: PointerEvent): void
  /** @param moved whether the pointer went far enough to be meant as a pull */
  end(point: Point, moved: boolean, event: PointerEvent): void
  cancel?(): void
}

/** Screen px that a press may tremble and still be a click. */
export const tremble = 3
