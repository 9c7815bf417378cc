/** Sets the learner up on this machine, tells how it is, and takes it away again. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { hashOfFile, writeWhole } from '../../reading/images'
import { outsideArchive } from '../../reading/processes'
import { messageOf, NominaError, say } from '../../shared/failure'
import type { App } from '../app'
import { environmentFile, environmentFolder, readEnvironment, type Environment } from './environment'
import { findPython } from './python'
import { runProgram } from './run'

export interface SetupOptions {
  /** A Python's path or name; absent: uv, else the newest enough that is found. */
  python?: string | undefined
  /** A folder of wheels to install from, without the network. */
  wheels?: string | undefined
  signal?: AbortSignal | undefined
  /** What is being done, in the installer's words. */
  onLine?: (line: string) => void
  onStep?: (step: 'fetch' | 'check') => void
}

export interface SetupStatus {
  /** `outdated`: of another version of Nomina than this one; it works still. */
  state: 'none' | 'ready' | 'outdated' | 'broken'
  folder: string
  /** On the disk; 0 where it is an environment of the user's own. */
  bytes: number
  command: string[] | null
  torch: string | null
  problem: string | null
}

const TORCH = 'torch==2.13.0'
/** Those that it has wheels for: uv takes one that is there, and fetches one where there is none. */
const PYTHONS = '>=3.10,<3.15'
/** PyPI's wheels for Linux bring gigabytes for NVIDIA's cards; this index has those without. */
const CPU_INDEX = 'https://download.pytorch.org/whl/cpu'

/**
 * What was cut off goes on: what was fetched or installed is there still. A broken environment is made anew.
 * @throws NominaError `no-python`, `no-network`, `disk-full`, `not-found` (the folder of wheels), `refused`; the signal's reason
 */
export async function setUpLearning(app: App, options: SetupOptions = {}): Promise<SetupStatus> {
  const { dataDir, version } = app.options
  const { python, wheels, signal, onLine, onStep } = options
  if (wheels !== undefined && !existsSync(wheels)) throw new NominaError('not-found', say('noFolder', { path: wheels }))
  const wheel = await shippedWheel(app)
  await app.learner.stop()
  const uv = python === undefined ? findUv() : null
  const found = uv ? null : await findPython(python, signal)
  const folder = join(environmentFolder(dataDir), 'env')
  const own = !found?.isWhole
  const program = own ? pythonOf(folder) : found.program
  if (own) {
    await mkdir(environmentFolder(dataDir), { recursive: true })
    if (!(await works(program, signal))) {
      await rm(folder, { recursive: true, force: true })
      const offline = wheels === undefined ? [] : ['--no-python-downloads']
      const make = uv ? [uv, 'venv', '--python', PYTHONS, ...offline, folder] : [found!.program, '-m', 'venv', folder]
      await runProgram(make, { signal, onLine })
    }
    onStep?.('fetch')
    for (const install of installs({ uv, program, wheel: wheel.path, wheels }))
      await runProgram(install, { signal, onLine })
  }
  onStep?.('check')
  await runProgram([program, '-c', 'import torch, nomina_training.learner'], { signal })
  const written: Environment = {
    command: [program, '-m', 'nomina_training', 'learner'],
    version,
    own,
    ...(own ? { wheel: wheel.sha256 } : {})
  }
  await writeWhole(environmentFile(dataDir), Buffer.from(JSON.stringify(written, null, 2)))
  return learningStatus(app)
}

/** The second is for a wheel of another build with the same version, which would be taken for installed. */
function installs({
  uv,
  program,
  wheel,
  wheels
}: {
  uv: string | null
  program: string
  wheel: string
  wheels: string | undefined
}) {
  const offline = wheels === undefined ? [] : ['--no-index', '--find-links', wheels]
  const cpu = wheels === undefined && process.platform === 'linux' ? ['--extra-index-url', CPU_INDEX] : []
  const pip = uv
    ? [uv, 'pip', 'install', '--python', program, ...offline]
    : [program, '-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', ...offline]
  return [
    [...pip, ...(uv ? (wheels === undefined ? ['--torch-backend', 'auto'] : []) : cpu), TORCH, wheel],
    [...pip, '--no-deps', '--force-reinstall', wheel]
  ]
}

export async function learningStatus(app: App): Promise<SetupStatus> {
  const { dataDir } = app.options
  const folder = environmentFolder(dataDir)
  const found = readEnvironment(dataDir)
  const bytes = await sizeOf(folder)
  if (!found) return { state: 'none', folder, bytes, command: null, torch: null, problem: null }
  const said = { folder, bytes, command: found.command }
  try {
    const torch = (await runProgram([found.command[0]!, '-c', 'import torch; print(torch.__version__)'])).trim()
    const isNew = !found.own || found.wheel === (await shippedWheel(app)).sha256
    return { ...said, state: isNew ? 'ready' : 'outdated', torch, problem: null }
  } catch (error) {
    return { ...said, state: 'broken', torch: null, problem: messageOf(error) }
  }
}

/** An environment of the user's own is only left. */
export async function removeLearning(app: App): Promise<void> {
  await app.learner.stop()
  await rm(environmentFolder(app.options.dataDir), { recursive: true, force: true })
}

/** @throws NominaError `not-found` where it was not built */
async function shippedWheel({ options }: App): Promise<{ path: string; sha256: string }> {
  // Python reads no archive either.
  const folder = outsideArchive(join(dirname(options.enginePath), '..', 'learner'))
  const name = (await readdir(folder).catch(() => [])).find((file) => file.endsWith('.whl'))
  if (name === undefined)
    throw new NominaError('not-found', `The training package is missing in ${folder}. Build Nomina first.`)
  const path = join(folder, name)
  return { path, sha256: await hashOfFile(path) }
}

const pythonOf = (folder: string): string =>
  process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python')

const works = (program: string, signal?: AbortSignal): Promise<boolean> =>
  runProgram([program, '-c', 'pass'], { signal }).then(
    () => true,
    () => false
  )

/** On PATH, or beside the packaged app. */
function findUv(): string | null {
  const name = process.platform === 'win32' ? 'uv.exe' : 'uv'
  const { resourcesPath } = process as { resourcesPath?: string }
  const folders = [...(resourcesPath ? [resourcesPath] : []), ...(process.env.PATH ?? '').split(delimiter)]
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}

/** Of all files in a folder; 0 where there is none. */
export async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  let bytes = 0
  for (const entry of entries)
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size
  return bytes
}
