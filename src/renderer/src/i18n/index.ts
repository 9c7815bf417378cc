/**
 * The interface's language. Texts are in en/ and fr/, one JSON file an area: `t('names:confirm', { count })`, with i18next's
 * plurals (`confirm_one`, `confirm_other`). The language is chosen once a window: another one loads it again.
 */
import i18next from 'i18next'
import { en } from './en'
import { fr } from './fr'

export const languages = { en: 'English', fr: 'Français' } as const
export type Language = keyof typeof languages

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: typeof en
  }
}

const KEPT = 'nomina.language'
const isLanguage = (value: unknown): value is Language => typeof value === 'string' && value in languages

/** What a person chose in this window, else what the browser or the system speaks, else English. */
function preferred(): Language {
  const kept = globalThis.localStorage?.getItem(KEPT)
  if (isLanguage(kept)) return kept
  const spoken = globalThis.navigator?.language?.slice(0, 2)
  return isLanguage(spoken) ? spoken : 'en'
}

export const language: Language = preferred()

void i18next.init({
  lng: language,
  fallbackLng: 'en',
  initAsync: false,
  defaultNS: 'common',
  resources: { en, fr },
  interpolation: { escapeValue: false }
})

export const t = i18next.t.bind(i18next)

/** Speaks another language from now on: the window is loaded again. */
export function setLanguage(next: Language): void {
  localStorage.setItem(KEPT, next)
  location.reload()
}
