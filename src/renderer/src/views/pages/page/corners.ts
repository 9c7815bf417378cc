/** A person lays a template on a page: four corners as shown, kept as they are stored. */
import type { TemplateDetail } from '../../../../../shared/forms'
import { mapOnto, projectBox } from '../geometry/homography'
import { cornersOf, quadOf, type Point, type Size } from '../geometry/shapes'
import { toShown, toStored, type Turns } from '../geometry/turns'

export const cornerNames = ['topLeft', 'topRight', 'bottomRight', 'bottomLeft'] as const

/**
 * Where the corners begin: where registration guessed, else the page's own corners, the sheet's proportions kept and
 * laid in the middle.
 */
export function firstCorners(
  page: Size,
  template: Size,
  outline: readonly number[] | null,
  turns: Turns,
  stored: Size
): Point[] {
  if (outline) return cornersOf(outline).map((corner) => toShown(corner, stored, turns))
  const scale = Math.min(page.width / template.width, page.height / template.height)
  const width = template.width * scale
  const height = template.height * scale
  const x = (page.width - width) / 2
  const y = (page.height - height) / 2
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height }
  ]
}

export const storedCorners = (corners: readonly Point[], stored: Size, turns: Turns): number[] =>
  quadOf(corners.map((corner) => toStored(corner, stored, turns)))

/** The same corners of a page that is shown turned otherwise: the form stays on the paper. */
export const turnCorners = (corners: readonly Point[], stored: Size, from: Turns, to: Turns): Point[] =>
  corners.map((corner) => toShown(toStored(corner, stored, from), stored, to))

/** A corner moved, kept within half a page around the page: a scan may have cut the form's edge off. */
export function moveCorner(corners: readonly Point[], index: number, by: Point, page: Size): Point[] {
  return corners.map((corner, at) => {
    if (at !== index) return corner
    return {
      x: Math.max(-page.width / 2, Math.min(page.width * 1.5, corner.x + by.x)),
      y: Math.max(-page.height / 2, Math.min(page.height * 1.5, corner.y + by.y))
    }
  })
}

/** Where the template's fields would come to lie. */
export function previewFields(
  template: TemplateDetail,
  corners: readonly Point[]
): { name: string; corners: Point[] }[] {
  const map = mapOnto({ width: template.width, height: template.height }, corners)
  return template.fields.map((field) => ({ name: field.name, corners: projectBox(map, field) }))
}
