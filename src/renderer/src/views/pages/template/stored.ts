/** A stored template's fields as boxes, and back, with every key that is not known here. */
import type { TemplateField } from '../../../../../shared/forms'
import { createBox, type Draft, type DraftBox } from './draft'

export function draftOf(template: { name: string; fields: readonly TemplateField[] }): Draft {
  const placed = template.fields.map((field, index) => ({ field, place: field.order ?? index }))
  placed.sort((a, b) => a.place - b.place)
  return {
    name: template.name,
    boxes: placed.map(({ field }) => {
      const { name, x, y, width, height, kind = 'name', model, order: _order, ...rest } = field
      return createBox({ x, y, width, height }, name, { kind, model: model ?? null, rest, was: name })
    })
  }
}

/** As `templates.save` takes it: the list's order is the reading order. */
export const fieldsOf = (boxes: readonly DraftBox[]): (TemplateField & { was?: string })[] =>
  boxes.map(({ name, x, y, width, height, kind, model, rest, was }) => ({
    ...rest,
    name: name.trim(),
    x,
    y,
    width,
    height,
    kind,
    ...(model === null ? {} : { model }),
    ...(was === null ? {} : { was })
  }))
