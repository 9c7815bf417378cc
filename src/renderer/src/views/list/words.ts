/** What is said after a decision on many fields. */
import type { DecisionKind } from '../../../../shared/domain'
import { count, plural } from '../../lib/format'

const done: Record<DecisionKind, string> = {
  accepted: 'accepted',
  corrected: 'corrected',
  blank: 'marked blank',
  illegible: 'marked illegible',
  flagged: 'marked as wrong crop'
}

/** `asked` fields were meant, `changed` of them changed; the others were so already, or had nothing to accept. */
export function decided(kind: DecisionKind, asked: number, changed: number): string {
  if (changed === 0)
    return `Nothing changed: ${kind === 'accepted' ? 'there is no text to accept, or it is accepted already' : 'it is so already'}.`
  if (changed === asked) return `${plural(asked, 'field')} ${done[kind]}.`
  const others = kind === 'accepted' ? '; the others have no text to accept, or were accepted already' : ''
  return `${count(changed)} of ${plural(asked, 'field')} ${done[kind]}${others}.`
}
