/** One field of a registered page: for the eyes as it is, for a model tight and without print, and whether it is blank. */
import { toGrey } from '../../preprocess'
import { blankProbability, featuresOfField } from '../blank'
import { segmentLines } from '../lines'
import { flatten } from '../vision/flatten'
import type { Cv } from '../vision/opencv'
import type { FieldCrop, Homography, LineCrop, Pixels, Template, TemplateField } from '../register/types'
import { withoutWriting } from './filled'
import { findHandwriting, type Handwriting } from './handwriting'
import { readingImage, roomAround } from './reading'
import { quadOnPage, sample, viewOf } from './view'

/** The template's image, evenly lit. */
export interface FieldSource {
  image: Pixels
}

/** Around a field, share of its shorter side: neighbours are seen, and ink that leaves the box. */
const marginShare = 0.3
/** Template px of a paper block, share of the template's longer side: some lines of print. */
const paperShare = 0.04

export function prepareFields({ image, fields, filled }: Template): FieldSource {
  const flat = flatten(toGrey(image), paperShare * Math.max(image.width, image.height))
  return { image: { ...(filled ? withoutWriting(flat, fields) : flat), channels: 1 } }
}

export function cropField(
  cv: Cv,
  { image }: FieldSource,
  page: Pixels,
  homography: Homography,
  field: TemplateField
): FieldCrop {
  const seen = seeField(cv, image, page, homography, field)
  const { view, plain, handwriting } = seen
  const lines = segmentLines(handwriting.pieces, view.field)
  return {
    plain,
    quad: quadOnPage(view, { x: 0, y: 0, width: view.width, height: view.height }),
    lines: lines.map((line): LineCrop => {
      const box = roomAround(line, lines, view)
      const pixels = { ...readingImage(seen, line, box), channels: 1 as const }
      return { pixels, box, quad: quadOnPage(view, box) }
    }),
    blank: blankProbability(featuresOfField(handwriting, view))
  }
}

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
