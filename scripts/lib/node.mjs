import { existsSync } from 'node:fs'
import { endLike, start } from './child.mjs'
import { stopWithNpm } from './orphan.mjs'
import { inRoot } from './root.mjs'

/** better-sqlite3 crashes below this. */
const OLDEST_NODE = 22

/**
 * Runs `main` on a Node that is new enough: this one, or the one that the npm package `node` brings.
 * npm scripts are on it already; a script started by hand may not be.
 */
export async function onBundledNode(script, main) {
  stopWithNpm()
  if (Number(process.versions.node.split('.')[0]) >= OLDEST_NODE) return main()
  const bundled = inRoot('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(bundled)) {
    console.error(
      `Nomina needs Node ${OLDEST_NODE} or newer; this is ${process.version}. Run npm ci, which brings one.`
    )
    process.exitCode = 1
    return
  }
  const { ended } = start(bundled, [script, ...process.argv.slice(2)], {
    // By the channel it knows when this process is gone, however it ended.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc']
  })
  endLike(await ended)
}
