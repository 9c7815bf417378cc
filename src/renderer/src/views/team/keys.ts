/** Keys of second keying: plain ones act on its buttons too, and Escape in its inputs. */
import { runOwn } from '../../lib/commands.svelte'

export function handleTeamKey(event: KeyboardEvent): void {
  if (event.target instanceof HTMLInputElement && event.key !== 'Escape' && !event.altKey) return
  if (runOwn(event, 'team')) event.preventDefault()
}
