/** From a figure down to its fields. */
import type { Filter } from '../../../../shared/domain'
import { call } from '../../lib/api'
import { orToast } from '../../lib/orToast'
import { queueOf } from '../review/queueOf'
import { session } from '../../lib/session.svelte'
import { adoptLook, setLook } from '../list/look.svelte'

/** Shows these fields in the list, from where Enter leads to Review. */
export function openInList(filter: Filter): void {
  const project = session.project?.path ?? ''
  // The list takes over what the review looks at unless that was seen before: what is asked for here is newer.
  adoptLook(project, queueOf(project))
  setLook({ filter, order: 'confidence', descending: false })
  session.go('list')
}

/** Shows named fields in their order. */
export async function openSelection(ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await orToast(async () => {
    openInList((await call('fields.select', { ids: [...ids] })).filter)
  })
}
