/** The choice of a language: kept in this browser and with the user's preferences, then the window is loaded again. */
import type { Language } from '../../../shared/preferences'
import { setLanguage } from '../i18n'
import { session } from './session.svelte'

export async function chooseLanguage(next: Language): Promise<void> {
  await session.setPreference('language', next)
  setLanguage(next)
}
