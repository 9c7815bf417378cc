/** The folder that a person chose from last: where the next choice begins. Kept over projects and starts. */
import { session } from '../../../lib/session.svelte'

export const lastFolder = (): string | null => session.preferences['files.last']

export function rememberFolder(path: string): void {
  if (path !== lastFolder()) void session.setPreference('files.last', path)
}
