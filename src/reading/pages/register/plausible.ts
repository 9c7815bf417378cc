/** What a camera or scanner can do to a sheet, and what it cannot. */
import { quadOfBox, scalesAt } from '../vision/homography'
import type { Homography } from './types'

/** How many times as wide a sheet may look for its height than it is: a photo taken at a slant. */
const mostStretch = 1.6
/** How many times as large one corner may look as another. */
const mostPerspective = 3
/** Share of the page that the form covers at least. */
const leastCover = 0.12

/** @param transform from a sheet of `width` × `height` to a page of the given area, px² */
export function isPlausible(transform: Homography, width: number, height: number, pageArea: number): boolean {
  const scales = [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
    [width / 2, height / 2]
  ].map(([x, y]) => ({
    ...scalesAt(transform, x!, y!),
    depth: transform[6] * x! + transform[7] * y! + transform[8]
  }))
  const areas = scales.map(({ area }) => area)
  // Mirrored (ink that shines through), or partly behind the camera.
  if (areas.some((area) => !(area > 0)) || scales.some(({ depth }) => !(depth > 0))) return false
  if (Math.max(...areas) > mostPerspective ** 2 * Math.min(...areas)) return false
  if (scales.some(({ x, y, area }) => Math.max(x / y, y / x) > mostStretch || area < 0.6 * x * y)) return false
  const quad = quadOfBox(transform, { x: 0, y: 0, width, height })
  let area = 0
  for (let corner = 0; corner < 8; corner += 2)
    area += quad[corner]! * quad[(corner + 3) % 8]! - quad[(corner + 2) % 8]! * quad[corner + 1]!
  return area / 2 > leastCover * pageArea
}
