/** Where a person is among the pages: kept while other views are shown. */
import { session } from '../../lib/session.svelte'

export type Place =
  | { at: 'wall' }
  | { at: 'page'; id: number; fieldId?: number }
  /** `from`: the page it was opened from. */
  | { at: 'template'; id: number; from?: number }

let current = $state.raw<{ project: string; place: Place }>({ project: '', place: { at: 'wall' } })
/** The page last looked at, so that the wall goes on there. */
let last: number | null = null

const project = (): string => session.project?.path ?? ''

export const place = (): Place => (current.project === project() ? current.place : { at: 'wall' })

export function goTo(next: Place): void {
  if (next.at === 'page') last = next.id
  current = { project: project(), place: next }
}

export const lastPage = (): number | null => (current.project === project() ? last : null)

/** Shows a page, at a field of it, from any view. */
export function showPage(id: number, fieldId?: number): void {
  goTo({ at: 'page', id, fieldId })
  session.go('pages')
}
