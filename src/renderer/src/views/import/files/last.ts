/** The folder that a person chose from last: where the next choice begins. Kept over projects and starts. */
import { session } from '../../../lib/session.svelte'

const preference = 'files.last'

export function lastFolder(): string | null {
  const kept = session.preferences[preference]
  return typeof kept === 'string' && kept !== '' ? kept : null
}

export function rememberFolder(path: string): void {
  if (path !== lastFolder()) void session.setPreference(preference, path)
}
