/** The commands of second keying and of settling what differs. */
import { define } from '../../lib/keymap'

export interface TeamParts {
  take?(which: 'first' | 'second'): void
  decide(kind: 'blank' | 'illegible'): void
  leave(): void
}

export const teamCommands = define<TeamParts, 'team'>('team', 'team', {
  first: { group: 'second', keys: ['1'], when: ({ take }) => take, run: (parts) => parts.take?.('first') },
  second: { group: 'second', keys: ['2'], when: ({ take }) => take, run: (parts) => parts.take?.('second') },
  blank: { group: 'second', keys: ['Alt+B'], run: (parts) => parts.decide('blank') },
  illegible: { group: 'second', keys: ['Alt+X'], run: (parts) => parts.decide('illegible') },
  leave: { group: 'second', keys: ['Escape'], run: (parts) => parts.leave() }
})
