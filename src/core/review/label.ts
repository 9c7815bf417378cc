import type { FieldStatus, LabelOrigin, LabelState } from '../../shared/domain'
import { traitsOf } from '../../shared/states'

/** What kind of label a field has now, or null where it has none: flagged, or neither imported nor read. */
export function labelState(field: {
  status: FieldStatus
  origin: LabelOrigin
  importedState: LabelState | null
}): LabelState | null {
  const { status, origin, importedState } = field
  if (origin === 'none') return null
  const { label } = traitsOf(status)
  if (label === 'none') return null
  if (label !== 'open' && label !== 'text') return label
  return origin === 'imported' ? importedState : 'text'
}
