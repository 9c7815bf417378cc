/** What is said after a decision on many fields. */
import type { DecisionKind } from '../../../../shared/domain'
import { t } from '../../i18n'
import { count } from '../../lib/format'

/** `asked` fields were meant, `changed` of them changed; the others were so already, or had nothing to accept or to take. */
export function decided(kind: DecisionKind | 'reading', asked: number, changed: number): string {
  if (changed === 0) return t(kind === 'accepted' ? 'list:done.noText' : 'list:done.noChange')
  if (changed === asked) return t(`list:done.${kind}`, { count: asked })
  return t(`list:some.${kind}`, { changed: count(changed), count: asked })
}
