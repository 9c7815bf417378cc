import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { inRoot, root } from './root.mjs'
import { writeWheel } from './wheel.mjs'

const stamp = inRoot('out', '.built')
/** What a build leaves in `out`. */
export const outputs = [
  'main/index.js',
  'main/cli.js',
  'main/engine.js',
  'main/pages.js',
  'main/migrator.js',
  'main/checkpointer.js',
  'preload/index.cjs',
  'renderer/index.html'
]
const sources = [
  'src',
  'training/nomina_training',
  'training/pyproject.toml',
  'electron.vite.config.ts',
  'svelte.config.js',
  'package.json'
]

/** Builds where the build is missing or older than the sources; of several processes at once one builds, the rest wait. */
export async function ensureBuilt(say) {
  if (isFresh()) return
  const lock = inRoot('node_modules', '.nomina-build')
  try {
    await withLock(lock, async () => {
      if (isFresh()) return // another process has just built it
      say('Building Nomina (once)…')
      await build()
    })
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error
    const message = `Nomina has to be built first, and this user may not write to ${root}: run npm run build as its owner.`
    throw new Error(message, { cause: error })
  }
}

/** Builds in any case. */
export const rebuild = () => withLock(inRoot('node_modules', '.nomina-build'), build)

async function build() {
  const startedMs = Date.now() // sources that change during the build are newer than it
  rmSync(stamp, { force: true })
  await runElectronVite()
  writeWheel(inRoot('training'), inRoot('out', 'learner'))
  mkdirSync(inRoot('out'), { recursive: true })
  writeFileSync(stamp, String(startedMs))
}

function isFresh() {
  if (!existsSync(stamp) || !outputs.every((file) => existsSync(inRoot('out', file)))) return false
  const builtMs = Number(readFileSync(stamp, 'utf8'))
  return sources.every((path) => newestMs(inRoot(path)) <= builtMs)
}

/** Newest modification at or below a path; a folder's own time tells of files removed or renamed. */
function newestMs(path) {
  if (!existsSync(path)) return 0
  const { mtimeMs } = statSync(path)
  if (!statSync(path).isDirectory()) return mtimeMs
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), mtimeMs)
}

/** Its output is shown only where it fails, and never on standard output, which belongs to the command. */
function runElectronVite() {
  const tool = inRoot('node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const plain = process.stderr.isTTY ? {} : { NO_COLOR: '1' }
  const environment = { ...process.env, ...plain, NODE_ENV: 'production' }
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [tool, 'build', '--logLevel', 'warn'], { cwd: root, env: environment })
    const said = []
    child.stdout.on('data', (chunk) => said.push(chunk))
    child.stderr.on('data', (chunk) => said.push(chunk))
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) return resolve()
      reject(new Error(`Nomina could not be built.\n${Buffer.concat(said).toString('utf8')}`))
    })
  })
}
