/** A field as it lies on its page: cut out, evenly lit, and its ink told from print. */
import { toGrey } from '../../preprocess'
import type { Homography, Pixels, TemplateField } from '../register/types'
import { flatten } from '../vision/flatten'
import type { Cv } from '../vision/opencv'
import { findHandwriting, type Handwriting } from './handwriting'
import { sample, viewOf } from './view'

/** Around a field, share of its shorter side: neighbours are seen, and ink that leaves the box. */
const marginShare = 0.3
/** Template px of a paper block, share of the template's longer side: some lines of print. */
export const paperShare = 0.04

export interface SeenField {
  view: ReturnType<typeof viewOf>
  plain: Pixels
  flat: ReturnType<typeof flatten>
  handwriting: Handwriting
}

/** The field cut out, and ink told from print. */
export function seeField(
  cv: Cv,
  template: Pixels,
  page: Pixels,
  homography: Homography,
  field: TemplateField
): SeenField {
  const margin = marginShare * Math.min(field.width, field.height)
  const view = viewOf(homography, field, margin)
  const plain = sample(page, view.toPage, view.width, view.height)
  const longest = view.scale * Math.max(template.width, template.height)
  const flat = flatten(toGrey(plain), paperShare * longest)
  const print = toGrey(sample(template, view.toTemplate, view.width, view.height))
  return { view, plain, flat, handwriting: findHandwriting(cv, flat, print, view.field, longest) }
}
