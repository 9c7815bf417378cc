/** One field of a registered page: for the eyes as it is, for a model tight and without print, and whether it is blank. */
import { toGrey } from '../../preprocess'
import { blankProbability, featuresOfField } from '../blank'
import { segmentLines } from '../lines'
import { flatten } from '../vision/flatten'
import type { Cv } from '../vision/opencv'
import type { FieldCrop, Homography, LineCrop, Pixels, Template, TemplateField } from '../register/types'
import { withoutWriting } from './filled'
import { readingImage, roomAround } from './reading'
import { paperShare, seeField } from './seen'
import { quadOnPage } from './view'

/** The template's image, evenly lit. */
export interface FieldSource {
  image: Pixels
}

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
