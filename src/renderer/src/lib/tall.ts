/**
 * Scrolling through lists that are taller than a browser can lay out (17 to 33 million px: some 400,000 rows). Such a list is laid out
 * shorter, in pages that overlap: within a page it scrolls px by px, and from page to page it moves up by `step`, so that its end is
 * where the scroll bar ends. A list of ordinary height is one page.
 */
export interface Tall {
  /** px that all rows would take, and that they are laid out in. */
  height: number
  laidOut: number
  /** px of a page, how many there are, and how far each is moved up further than the one before. */
  page: number
  pages: number
  step: number
}

const tallest = 10_000_000
const pagesLaidOut = 100

export function tallOf(height: number, most = tallest): Tall {
  if (height <= most) return { height, laidOut: height, page: Math.max(1, height), pages: 1, step: 0 }
  const page = most / pagesLaidOut
  const pages = Math.ceil(height / page)
  return { height, laidOut: most, page, pages, step: (height - most) / (pages - 1) }
}

/** How far the rows are moved up where `y` px of them are above what is seen. */
export const movedAt = ({ page, pages, step }: Tall, y: number): number =>
  Math.round(Math.max(0, Math.min(pages - 1, Math.floor(y / page))) * step)

/** The same, where somebody took the scroll bar to a place: as far along as that is. */
export function movedByBar(tall: Tall, scrollTop: number, view: number): number {
  if (tall.pages === 1) return 0
  return movedAt(tall, (scrollTop * (tall.height - view)) / Math.max(1, tall.laidOut - view))
}
