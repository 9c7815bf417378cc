/** `npm run bench [-- PART… --fields N …]`: builds Nomina and the measurements, then runs them in a process of their own. */
import { execFileSync, spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { ensureBuilt } from '../scripts/lib/build.mjs'

const root = resolve(import.meta.dirname, '..')
await ensureBuilt((line) => console.error(line))
const vite = resolve(root, 'node_modules', 'vite', 'bin', 'vite.js')
const parameters = ['build', '--config', 'bench/vite.config.ts', '--logLevel', 'warn']
execFileSync(process.execPath, [vite, ...parameters], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
// A fresh process: the bundler's memory and garbage are not what is measured.
const measured = spawnSync(process.execPath, [resolve(root, 'out', 'bench', 'index.js'), ...process.argv.slice(2)], {
  stdio: 'inherit'
})
process.exitCode = measured.status ?? 1
