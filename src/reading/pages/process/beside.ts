/** A second form on the same sheet: fields are cut from one, so that of the other a word must be said. */
import type { Pixels, Registrar, Registration, Template } from '../register'

/** Of the form's area, how much of the page must lie outside it before the rest is looked at. */
const leastLeft = 0.4

/** @returns a sentence where print of a template is found beside the form that was; else null */
export function formBeside(
  registrar: Registrar,
  { image }: Template,
  page: Pixels,
  found: Registration
): string | null {
  const whole = { name: '', x: 0, y: 0, width: image.width, height: image.height }
  const quad = registrar.quadOf(found, whole)
  const side = (from: 0 | 1, end: number): { least: number; most: number } => {
    const values = [0, 2, 4, 6].map((at) => Math.min(end, Math.max(0, Math.round(quad[at + from]!))))
    return { least: Math.min(...values), most: Math.max(...values) }
  }
  const [x, y] = [side(0, page.width), side(1, page.height)]
  const area = (x.most - x.least) * (y.most - y.least)
  if (page.width * page.height - area < leastLeft * area) return null
  const rest = { ...page, data: Uint8Array.from(page.data) }
  for (let row = y.least; row < y.most; row++) {
    const from = row * page.width * page.channels
    rest.data.fill(255, from + x.least * page.channels, from + x.most * page.channels)
  }
  const next = registrar.register(rest)
  if (next.status !== 'matched') return null
  return `The print of “${next.template}” is found once more beside it: only one form of the sheet was read. Cut the sheet, and import its parts.`
}
