/** What is wrong with the fields of a template, in sentences that name the field. */
import type { TemplateField } from '../../shared/forms'

/** @returns nothing where they can be used */
export function problemsOf(fields: readonly TemplateField[], image: { width: number; height: number }): string[] {
  if (!fields.length) return ['It has no fields.']
  const problems: string[] = []
  const seen = new Set<string>()
  for (const [index, field] of fields.entries()) {
    const name = field.name.trim()
    if (!name) problems.push(`Field ${index + 1} has no name.`)
    else if (seen.has(name)) problems.push(`Two fields are called “${name}”.`)
    seen.add(name)
    const { x, y, width, height } = field
    if (x < 0 || y < 0 || x + width > image.width || y + height > image.height) {
      const box = `${round(x)}, ${round(y)} to ${round(x + width)}, ${round(y + height)}`
      problems.push(
        `The field “${name || index + 1}” (${box}) lies outside the page, which is ${image.width} × ${image.height} px.`
      )
    }
  }
  return problems
}

const round = (value: number): number => Math.round(value * 10) / 10

/** In the order in which a person reads them: by `order` where it is given, else by their place in the list. */
export const inReadingOrder = <T extends TemplateField>(fields: readonly T[]): T[] =>
  fields
    .map((field, index) => ({ field, order: field.order ?? index, index }))
    .sort((a, b) => a.order - b.order || a.index - b.index)
    .map(({ field }) => field)
