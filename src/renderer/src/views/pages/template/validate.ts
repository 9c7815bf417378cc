/** What is wrong with a template as it stands, as words' keys: shown while a person types. */
import { bottom, right, type Size } from '../geometry/shapes'
import { leastSide, type Draft } from './draft'

export type ProblemCode =
  'noName' | 'nameTaken' | 'noFields' | 'fieldNoName' | 'fieldDuplicate' | 'fieldOutside' | 'fieldSmall'

export interface DraftProblem {
  code: ProblemCode
  /** The box it is about; null: the template itself. */
  key: number | null
  name: string
}

/** @param taken names of the project's other templates */
export function problemsOf(draft: Draft, page: Size, taken: readonly string[]): DraftProblem[] {
  const problems: DraftProblem[] = []
  const templateName = draft.name.trim()
  if (templateName === '') problems.push({ code: 'noName', key: null, name: '' })
  else if (taken.includes(templateName)) problems.push({ code: 'nameTaken', key: null, name: templateName })
  if (draft.boxes.length === 0) problems.push({ code: 'noFields', key: null, name: '' })
  const seen = new Set<string>()
  for (const box of draft.boxes) {
    const name = box.name.trim()
    const say = (code: ProblemCode): void => void problems.push({ code, key: box.key, name })
    if (name === '') say('fieldNoName')
    else if (seen.has(name)) say('fieldDuplicate')
    seen.add(name)
    if (box.x < 0 || box.y < 0 || right(box) > page.width || bottom(box) > page.height) say('fieldOutside')
    if (box.width < leastSide || box.height < leastSide) say('fieldSmall')
  }
  return problems
}
