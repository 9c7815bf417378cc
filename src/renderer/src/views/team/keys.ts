/** Keys of second keying: plain ones act on its buttons too, and Escape in its inputs. */
import { run } from '../../lib/commands.svelte'
import { findCommand } from '../../lib/keymap'

export function handleTeamKey(event: KeyboardEvent): void {
  if (event.target instanceof HTMLInputElement && event.key !== 'Escape' && !event.altKey) return
  const found = findCommand(event, 'team')
  if (found?.scope === 'team' && run(found.id, event)) event.preventDefault()
}
