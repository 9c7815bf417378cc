import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inRoot } from './root.mjs'

const STALLED_MS = 30_000

/** Why no window can be shown here, or null. Asked before the binary is fetched: it would be of no use. */
export function whyNoWindow(environment = process.env, platform = process.platform, uid = process.getuid?.()) {
  if (environment.NOMINA_SHELL === 'browser') return 'NOMINA_SHELL=browser is set'
  if (platform !== 'linux') return null
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return 'there is no display'
  if (uid === 0) return 'Electron’s sandbox does not work for root'
  return null
}

/**
 * What Electron is told by the launcher.
 * @param project absolute path of a project to open, if any
 */
export function windowEnvironment(project, environment = process.env) {
  const { ELECTRON_RUN_AS_NODE: _mereNode, ELECTRON_RENDERER_URL: _developersPage, ...rest } = environment
  // The first is set in editors' terminals, the second is for `npm run dev`: it sets it by itself.
  return project ? { ...rest, NOMINA_PROJECT: project } : rest
}

/** The path of Electron's binary where it is installed, else null. Never fetches it. */
export function installedElectron() {
  const package_ = inRoot('node_modules', 'electron')
  const pathFile = join(package_, 'path.txt')
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (!existsSync(pathFile) && !override) return null
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron'
  const path = join(override ?? join(package_, 'dist'), name)
  return existsSync(path) ? path : null
}

/**
 * Fetches Electron's binary as its npm package does at its first use. Gives up when nothing arrives for a while, so that
 * a network that swallows packets does not hang the start, and a slow one still gets there.
 * @returns why it could not be fetched, or null
 */
export async function fetchElectron() {
  const installer = inRoot('node_modules', 'electron', 'install.js')
  if (!existsSync(installer)) return 'it is not among the installed packages'
  const folder = mkdtempSync(join(tmpdir(), 'nomina-electron-'))
  const environment = { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder }
  const child = spawn(process.execPath, [installer], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
  const said = []
  child.stderr.on('data', (chunk) => said.push(chunk))
  let stalled = false
  const watch = watchGrowth([folder, inRoot('node_modules', 'electron', 'dist')], () => {
    stalled = true
    child.kill('SIGKILL')
  })
  const stop = () => child.kill('SIGKILL')
  process.once('exit', stop)
  const code = await new Promise((resolve) => child.once('close', resolve).once('error', () => resolve(1)))
  process.off('exit', stop)
  clearInterval(watch)
  rmSync(folder, { recursive: true, force: true })
  if (code === 0 && installedElectron()) return null
  return stalled ? 'the download does not get on' : reasonIn(Buffer.concat(said).toString('utf8'))
}

function watchGrowth(folders, onStalled) {
  let size = 0
  let grownAt = Date.now()
  return setInterval(() => {
    const now = folders.reduce((sum, folder) => sum + sizeOf(folder), 0)
    if (now !== size) {
      size = now
      grownAt = Date.now()
    } else if (Date.now() - grownAt > STALLED_MS) onStalled()
  }, 1000)
}

function sizeOf(path) {
  try {
    const found = statSync(path)
    if (!found.isDirectory()) return found.size
    return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 1)
  } catch {
    return 0
  }
}

/** The one line of the installer's stack that says something. */
function reasonIn(output) {
  const line = output.split('\n').find((candidate) => /Error|EAI_AGAIN|ENOTFOUND|ECONN/.test(candidate))
  const cause = /\b(EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EACCES|ENOSPC)\b.*/.exec(output)?.[0]
  return (cause ?? line?.replace(/^\s*\w*Error: /, '') ?? 'its download failed').trim()
}
