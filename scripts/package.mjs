/**
 * `npm run package`: the packages of this system, in dist/.
 *   --dir              an app in a folder, no installer
 *   --electron FOLDER  an Electron distribution that is here already
 *   --check            only whether all that goes into a package is there and as it should be; needs no binary
 *   --publish          uploads to the feed that NOMINA_UPDATE_FEED or electron-builder's own variables name
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { check } from '../packaging/check.mjs'
import { configuration } from '../packaging/config.mjs'
import { licences } from '../packaging/licences.mjs'
import { ensureBuilt } from './lib/build.mjs'
import { onBundledNode } from './lib/node.mjs'
import { inRoot, root } from './lib/root.mjs'

await onBundledNode(import.meta.filename, async () => {
  try {
    const { values } = parseArgs({
      options: {
        dir: { type: 'boolean' },
        electron: { type: 'string' },
        check: { type: 'boolean' },
        publish: { type: 'boolean' }
      }
    })
    await ensureBuilt((line) => console.log(line))
    const faults = check()
    if (faults.length > 0) throw new Error(faults.join('\n'))
    console.log('What goes into a package is there: files, native parts, configuration, fuses, licences.')
    if (!values.check) await pack(values)
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
  process.exit() // what packs would keep it alive for whoever started it, and end it with 0 where it failed
})

async function pack({ dir = false, electron = null, publish = false }) {
  mkdirSync(inRoot('dist'), { recursive: true })
  writeFileSync(inRoot('dist', 'licences.txt'), licences().text)
  const { build, Platform } = await import('electron-builder')
  const made = await build({
    projectDir: root,
    targets: Platform.current().createTarget(dir ? 'dir' : null),
    config: configuration({ electron }),
    publish: publish ? 'always' : 'never'
  })
  for (const path of made) console.log(path)
}
