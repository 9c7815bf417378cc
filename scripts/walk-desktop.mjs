/**
 * Walks through the desktop app as a person would, and does to it what machines do. Needs a display, and Linux or macOS.
 *   node scripts/walk-desktop.mjs --app FILE [--arguments="…"] [--crops 200] [--rounds 1] [--log FILE]
 * `--app` is a packaged app's binary, or Electron's own with `--arguments FOLDER` of the built project.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Desktop } from './desktop/app.mjs'
import { commandOf, walkCommandLine } from './desktop/command-line.mjs'
import { makeCrops } from './desktop/scene.mjs'
import { walk } from './desktop/walk.mjs'
import { onBundledNode } from './lib/node.mjs'

const { values } = parseArgs({
  options: {
    app: { type: 'string' },
    arguments: { type: 'string', default: '' },
    crops: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '1' },
    port: { type: 'string', default: '9391' },
    log: { type: 'string' }
  }
})
const many = Number(values.crops)
const say = (text) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`)

await onBundledNode(import.meta.filename, async () => {
  const all = mkdtempSync(join(tmpdir(), 'nomina-walk-'))
  const walked = []
  try {
    for (let round = 1; round <= Number(values.rounds); round++) {
      const folder = join(all, String(round))
      await once(round, folder, walked)
      rmSync(folder, { recursive: true, force: true })
    }
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  } finally {
    if (values.log) writeFileSync(values.log, walked.map(({ log }) => log).join('\n'))
    rmSync(all, { recursive: true, force: true })
  }
})

async function once(round, folder, walked) {
  say(`walk ${round} of ${values.rounds}`)
  const scene = { folder, crops: join(folder, 'crops'), more: join(folder, 'more'), many }
  for (const into of [scene.crops, scene.more]) makeCrops(into, many)
  const home = join(folder, 'home of walks')
  mkdirSync(home)
  const app = resolve(values.app)
  const desktop = new Desktop(app, values.arguments.split(' ').filter(Boolean), home)
  walked.push(desktop)
  try {
    await walk(desktop, scene, Number(values.port), say)
    const command = commandOf(app)
    const files = { project: join(folder, 'project'), image: join(scene.crops, '0.jpg'), out: join(folder, 'line.csv') }
    if (command) await walkCommandLine(command, desktop, files, say)
    const { own, chromium } = desktop.faults()
    say(`${desktop.log.length} bytes of log, ${own.length} lines of errors, and ${chromium.length} of Chromium’s own`)
    for (const line of chromium) say(`  ${line}`)
    if (own.length > 0) throw new Error(own.slice(0, 20).join('\n'))
  } catch (error) {
    throw new Error(`${error.message}\n${desktop.log.slice(-2000)}`, { cause: error })
  } finally {
    desktop.endAll()
  }
}
