/**
 * The interface's language. Texts are in en/ and fr/, one JSON file an area: `t('names:confirm', { count })`, with i18next's
 * plurals (`confirm_one`, `confirm_other`). The language is chosen once a window: another one loads it again.
 * What the core says (failures, reasons, notes) comes in English; core.ts knows the most common of it.
 */
import i18next from 'i18next'
import { isLanguage, type Language } from '../../../shared/preferences'
import * as en from './en'
import * as fr from './fr'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: typeof en
  }
}

const KEPT = 'nomina.language'

/** What a person chose in this browser, or null. */
function kept(): Language | null {
  try {
    const value = globalThis.localStorage?.getItem(KEPT)
    return isLanguage(value) ? value : null
  } catch {
    return null
  }
}

/** What a person chose, else what the browser or the system speaks, else English. */
function preferred(): Language {
  const spoken = globalThis.document ? navigator.language.slice(0, 2) : 'en'
  return kept() ?? (isLanguage(spoken) ? spoken : 'en')
}

export const language: Language = preferred()
/** For Intl: with the British order of dates in English. */
export const locale = { en: 'en-GB', fr: 'fr-FR' }[language]
if (globalThis.document) document.documentElement.lang = language

type Texts = { [key: string]: string | Texts }

/** French has a plural of its own for whole millions; where no text says otherwise it is that of other numbers. */
function withMany(texts: Texts): Texts {
  const entries = Object.entries(texts).flatMap(([key, text]): [string, string | Texts][] => {
    if (typeof text !== 'string') return [[key, withMany(text)]]
    const many = key.replace(/_other$/, '_many')
    return many === key || many in texts
      ? [[key, text]]
      : [
          [key, text],
          [many, text]
        ]
  })
  return Object.fromEntries(entries)
}

void i18next.init({
  lng: language,
  fallbackLng: 'en',
  initAsync: false,
  defaultNS: 'common',
  resources: { en, fr: withMany(fr) },
  interpolation: { escapeValue: false }
})

export const t = i18next.t.bind(i18next)

/** Speaks another language from now on: the window is loaded again. */
export function setLanguage(next: Language): void {
  if (next === language) return
  try {
    localStorage.setItem(KEPT, next)
  } catch {
    return
  }
  location.reload()
}

/** What was chosen at an earlier start: the browser shell has another origin, and so another storage, at every start. */
export function adoptLanguage(chosen: Language | null): void {
  if (kept() === null && chosen !== null) setLanguage(chosen)
}
