import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { SpawnEngine } from '../../reading/engine'

/** Where this installation and this user keep things, the same for every shell. Tests give their own. */
export interface Settings {
  version: string
  /** The folder that holds package.json and, once built, `out/`; `resources/` is in it, or around it in the installed app. */
  installation: string
  dataDir: string
  shippedModels: string
  samplesDir: string
  enginePath: string
  /** The process that turns files into pages, and pages into fields. */
  pagesPath: string
  rendererDir: string
  /** Starts the engine process; absent: Node runs `enginePath`. */
  spawnEngine?: SpawnEngine
}

/** The settings of the running program, from its own place on disk and the environment. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env, from = import.meta.dirname): Settings {
  const installation = findInstallation(from)
  const { version } = JSON.parse(readFileSync(join(installation, 'package.json'), 'utf8')) as { version: string }
  // In the installed app, what is read as files lies beside the archive.
  const resources = isArchive(installation) ? dirname(installation) : join(installation, 'resources')
  const page = installation.endsWith(unpacked) ? join(resources, 'page') : join(installation, 'out', 'renderer')
  return {
    version,
    installation,
    dataDir: dataFolder(environment),
    shippedModels: join(resources, 'models'),
    samplesDir: join(resources, 'samples'),
    enginePath: join(installation, 'out', 'main', 'engine.js'),
    pagesPath: join(installation, 'out', 'main', 'pages.js'),
    rendererDir: page
  }
}

/** Electron reads the installed app from an archive; Node reads what lies beside it under the same paths (see packaging/). */
const unpacked = '.asar.unpacked'
const isArchive = (folder: string): boolean => folder.endsWith('.asar') || folder.endsWith(unpacked)

/** `$NOMINA_HOME`, else the platform's folder for application data. */
export function dataFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  if (environment.NOMINA_HOME) return resolve(environment.NOMINA_HOME)
  const home = homedir()
  if (platform === 'win32') return join(environment.APPDATA ?? join(home, 'AppData', 'Roaming'), 'nomina')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'nomina')
  return join(environment.XDG_DATA_HOME || join(home, '.local', 'share'), 'nomina')
}

/** The same code runs from `src` in tests and from `out/main` (or a chunk below it) when built. */
function findInstallation(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const whole = isArchive(folder) || existsSync(join(folder, 'resources'))
    if (whole && existsSync(join(folder, 'package.json'))) return folder
    if (dirname(folder) === folder) throw new Error(`Nomina's own files are missing: no package.json above ${from}.`)
  }
}
