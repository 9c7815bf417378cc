/** Names that the Electron shell's two sides agree on. */
export const pageScheme = 'nomina'
export const pageHost = 'app'
export const pageUrl = `${pageScheme}://${pageHost}/index.html`

export const channels = {
  call: 'nomina:call',
  host: 'nomina:host',
  command: 'nomina:command',
  given: 'nomina:given',
  event: (name: string): string => `nomina:event:${name}`
} as const

export type HostMethod = 'pickFolder' | 'pickFile' | 'saveFile' | 'revealPath'
