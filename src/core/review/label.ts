import type { FieldStatus, LabelOrigin, LabelState } from '../../shared/domain'

/** What kind of label a field has now, or null where it has none: flagged, or neither imported nor read. */
export function labelState(field: {
  status: FieldStatus
  origin: LabelOrigin
  importedState: LabelState | null
}): LabelState | null {
  const { status, origin, importedState } = field
  if (origin === 'none') return null
  if (status === 'blank' || status === 'illegible') return status
  return origin === 'imported' ? importedState : 'text'
}
