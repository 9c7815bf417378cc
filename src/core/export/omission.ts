import type { ExportOptions, LabelState } from '../../shared/domain'
import { traitsOf as formatTraits } from '../../shared/export-formats'
import { inWords, isDecided, traitsOf } from '../../shared/states'
import { tidyText } from '../../shared/text'
import { labelState } from '../review'
import type { ExportRow } from '../store/export-rows'
import { changed, gone, type Scans } from './scans'

export type Label = { state: LabelState; text: string }

/**
 * The field's label as it is written; an empty text is a blank, as an import would take it. Null: no label. What was
 * decided is in the normal form, also where the decision is older than that; imported labels are written as they came.
 */
export function labelOf(row: ExportRow): Label | null {
  const state = labelState(row)
  if (state === null) return null
  if (state !== 'text') return { state, text: '' }
  const text = row.origin === 'decision' ? tidyText(row.text ?? '') : row.text
  return text ? { state, text } : { state: 'blank', text: '' }
}

/** A field that nobody has said anything of. */
export const notDecided = 'Not decided yet'
const doubtful = 'Decided before its file changed, or after: look at it again'

/** Whether a field was left out for what became of its scan. */
export const isStale = (reason: string): boolean => [gone, changed, doubtful].includes(reason)

/** Why a field is not written, in words that a count can follow, or null where it is. */
export function omission(
  row: ExportRow,
  options: Pick<ExportOptions, 'format' | 'rows' | 'unreadable' | 'crops' | 'stale'>,
  { problems }: Pick<Scans, 'problems'>
): string | null {
  const { rows: offered, leavesOut, trains } = formatTraits(options.format)
  const decided = isDecided(row)
  if ((options.rows === 'decided' || !offered.includes('all')) && !decided) return notDecided
  const stale = options.stale ? null : (problems.get(row.sourceId) ?? (row.doubtful ? doubtful : null))
  if (stale) return stale
  if (!leavesOut.includes('unlabelled')) return null
  if (traitsOf(row.status).label === 'none') return 'Marked as a wrong crop'
  const label = labelOf(row)
  if (!label) return row.status === 'failed' ? 'Could not be read, and no label' : 'Not read yet, and no label'
  if (leavesOut.includes('unreadable') && options.unreadable === 'omit') {
    if (label.state !== 'text') return inWords(label.state)
  }
  if (trains && row.shared && !options.crops)
    return 'One of several in its file: export with crops to give each its own image'
  return null
}
