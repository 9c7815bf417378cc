import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { SpawnEngine } from '../../reading/engine'

/** Where this installation and this user keep things, the same for every shell. Tests give their own. */
export interface Settings {
  version: string
  /** The folder that holds package.json, `resources/` and, once built, `out/`. */
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
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const installation = findInstallation(import.meta.dirname)
  const { version } = JSON.parse(readFileSync(join(installation, 'package.json'), 'utf8')) as { version: string }
  return {
    version,
    installation,
    dataDir: dataFolder(environment),
    shippedModels: join(installation, 'resources', 'models'),
    samplesDir: join(installation, 'resources', 'samples'),
    enginePath: join(installation, 'out', 'main', 'engine.js'),
    pagesPath: join(installation, 'out', 'main', 'pages.js'),
    rendererDir: join(installation, 'out', 'renderer')
  }
}

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
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'resources'))) return folder
    if (dirname(folder) === folder) throw new Error(`Nomina's own files are missing: no package.json above ${from}.`)
  }
}
