/** Light, dark or as the system says; kept in this browser, as it is about this screen. */
export type Theme = 'system' | 'light' | 'dark'
const key = 'nomina.theme'

function stored(): Theme {
  try {
    const value = localStorage.getItem(key)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system'
  }
}

export const theme = $state<{ value: Theme }>({ value: stored() })

export function applyTheme(): void {
  if (theme.value === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme.value
}

export function setTheme(value: Theme): void {
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
