import { isTheme, type Theme } from '../../../shared/preferences'
import { call } from './api'

/**
 * Light, dark or as the system says. Kept with the user's preferences, as the browser shell has another origin at every
 * start; this browser's own copy only serves the first paint.
 */
const key = 'nomina.theme'

function stored(): Theme {
  try {
    const value = localStorage.getItem(key)
    return isTheme(value) ? value : 'system'
  } catch {
    return 'system'
  }
}

export const theme = $state<{ value: Theme }>({ value: stored() })

export function applyTheme(): void {
  if (theme.value === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme.value
}

/** What was chosen at an earlier start. */
export function adoptTheme(chosen: Theme | null): void {
  if (chosen !== null) show(chosen)
}

export function setTheme(value: Theme): void {
  show(value)
  // A choice that can't be kept is still a choice for now.
  call('app.setPreference', { key: 'theme', value }).catch(() => {})
}

function show(value: Theme): void {
  theme.value = value
  try {
    localStorage.setItem(key, value)
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  applyTheme()
}

/** From what is seen now to the other one. */
export function toggleTheme(): void {
  const dark =
    theme.value === 'dark' || (theme.value === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  setTheme(dark ? 'light' : 'dark')
}
