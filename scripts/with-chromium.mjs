/** `node scripts/with-chromium.mjs COMMAND…`: runs a command with NOMINA_CHROMIUM set to a Chromium that exists. */
import { delimiter } from 'node:path'
import { endLike, start } from './lib/child.mjs'
import { ensureChromium } from './lib/chromium.mjs'
import { onBundledNode } from './lib/node.mjs'
import { inRoot } from './lib/root.mjs'

await onBundledNode(import.meta.filename, async () => {
  const [command, ...parameters] = process.argv.slice(2)
  if (!command) {
    console.error('Usage: node scripts/with-chromium.mjs COMMAND…')
    process.exitCode = 2
    return
  }
  try {
    const environment = {
      ...process.env,
      NOMINA_CHROMIUM: await ensureChromium(),
      PATH: `${inRoot('node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`
    }
    const windows = process.platform === 'win32' // where the commands of packages are .cmd files
    const { ended } = start(command, parameters, { stdio: 'inherit', env: environment, shell: windows })
    endLike(await ended)
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
})
