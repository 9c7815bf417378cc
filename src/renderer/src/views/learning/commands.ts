/** What can be done about learning from any view. */
import { define } from '../../lib/keymap'

export interface LearningParts {
  back(): void
  newer(): void
}

export const learningCommands = define<LearningParts, 'learning'>('learning', 'everywhere', {
  back: { group: 'everywhere', keys: ['Alt+Shift+B'], run: (parts) => parts.back() },
  newer: { group: 'everywhere', keys: ['Alt+Shift+U'], run: (parts) => parts.newer() }
})
