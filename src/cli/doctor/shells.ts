import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import type { Check } from './check'

const BUILD = 'Run npm run build.'
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'firefox']

export function checkPage(rendererDir: string): Check {
  const page = join(rendererDir, 'index.html')
  if (existsSync(page)) return { name: 'interface', status: 'ok', found: page }
  return { name: 'interface', status: 'missing', found: `${page} is not built`, advice: BUILD }
}

export function checkFonts(rendererDir: string): Check {
  const assets = join(rendererDir, 'assets')
  const fonts = existsSync(assets) ? readdirSync(assets).filter((name) => /\.(woff2?|ttf|otf)$/.test(name)) : []
  if (fonts.length > 0) return { name: 'fonts', status: 'ok', found: `${fonts.length} files, all Nomina's own` }
  return {
    name: 'fonts',
    status: 'missing',
    found: 'the built interface holds no fonts; the system’s are used',
    advice: BUILD
  }
}

/** The npm package is there after an install; its binary is a download of its own, which some machines do not get. */
export function checkElectron(): Check {
  const name = 'Electron'
  const advice = 'Nomina opens in the browser instead. For its own window: npx install-electron, once, with a network.'
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
    const pathFile = join(folder, 'path.txt')
    const binary = existsSync(pathFile) ? join(folder, 'dist', readFileSync(pathFile, 'utf8').trim()) : null
    if (binary && existsSync(binary)) return { name, status: 'ok', found: `${version}, ${binary}` }
    return { name, status: 'missing', found: `${version}, but its binary is not here`, advice }
  } catch {
    return { name, status: 'missing', found: 'the package is not installed', advice }
  }
}

export function checkDisplay(environment: NodeJS.ProcessEnv = process.env): Check {
  const browser = findOnPath(BROWSERS, environment)
  const browserFound = browser ? `, browser ${browser}` : ''
  if (process.platform !== 'linux') return { name: 'display', status: 'ok', found: process.platform }
  const display = environment.WAYLAND_DISPLAY ?? environment.DISPLAY
  if (display) return { name: 'display', status: 'ok', found: `${display}${browserFound}` }
  return {
    name: 'display',
    status: 'missing',
    found: `none${browserFound}`,
    advice: 'nomina serve prints a link for a browser on this machine; import, recognise and export need no display.'
  }
}

function findOnPath(names: string[], environment: NodeJS.ProcessEnv): string | null {
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path)) ?? null
}
