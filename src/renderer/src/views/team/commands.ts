/** The commands of second keying and of settling what differs. */
import type { WordState } from '../../../../shared/states'
import { forEachState } from '../../lib/decisions'
import { define } from '../../lib/keymap'

export interface TeamParts {
  take?(which: 'first' | 'second'): void
  decide(kind: WordState): void
  leave(): void
}

export const teamCommands = define<TeamParts, 'team'>('team', 'team', {
  first: { group: 'second', keys: ['1'], when: ({ take }) => take, run: (parts) => parts.take?.('first') },
  second: { group: 'second', keys: ['2'], when: ({ take }) => take, run: (parts) => parts.take?.('second') },
  ...forEachState((state, letter) => ({
    group: 'second',
    keys: [`Alt+${letter}`],
    run: (parts) => parts.decide(state)
  })),
  leave: { group: 'second', keys: ['Escape'], run: (parts) => parts.leave() }
})
