import { spawn } from 'node:child_process'

/** Opens a link in the person's own browser where there is one to see; the link is printed in any case. */
export function openBrowser(url, environment = process.env) {
  const hidden = process.platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY
  if (environment.CI || hidden || environment.BROWSER === 'none') return
  const [command, ...parameters] = opener(url)
  const child = spawn(command, parameters, { stdio: 'ignore', detached: true })
  child.once('error', () => {}) // none installed
  child.unref()
}

function opener(url) {
  if (process.platform === 'darwin') return ['open', url]
  if (process.platform === 'win32') return ['explorer.exe', url]
  return ['xdg-open', url]
}
