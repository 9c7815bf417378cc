/** Where a template's image lies on a page. */
import type { Quad } from '../../shared/forms'
import type { ReadOnlyDatabase } from '../store'
import type { StoredPage } from '../store/pages'
import { findTemplate } from '../store/templates'
import type { Homography } from '../../reading/pages/register'
import { quadOfBox } from '../../reading/pages/vision/homography'

/** Its corners clockwise from its own top left, px of the stored image; null where the page lies on none. */
export function outlineOf(db: ReadOnlyDatabase, { templateId, homography }: StoredPage): Quad | null {
  const template = templateId === null ? undefined : findTemplate(db, templateId)
  if (!template || !homography) return null
  const { width, height } = template
  return quadOfBox(homography as Homography, { x: 0, y: 0, width, height })
}
