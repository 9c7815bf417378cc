/** Heights of the review's parts in px: they depend on the window only, so nothing jumps from field to field. */
const rowPitch = 50
const mostRows = 4
const foot = 49
const paddings = 20 + 8 + 2 + 4

export interface Sizes {
  crop: number
  cells: number
  /** Font size of the reading. */
  font: number
  card: number
  /** Rows of the tape above, and below. */
  rows: number
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value))

export function sizesFor(stageHeight: number, windowWidth: number): Sizes {
  const large = windowWidth >= 1700 && stageHeight >= 800
  const small = stageHeight < 380
  const font = large ? 48 : small ? 28 : 38
  const cells = large ? 92 : small ? 56 : 76
  const crop = clamp(Math.round((stageHeight * 0.235) / 2) * 2, 64, 240)
  const card = crop + cells + foot + paddings
  const rows = clamp(Math.floor((stageHeight - card - 16) / 2 / rowPitch), 0, mostRows)
  return { crop, cells, font, card, rows }
}
