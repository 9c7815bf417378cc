import { existsSync } from 'node:fs'
import { join } from 'node:path'

const binary = process.platform === 'win32' ? 'node.exe' : 'node'

/**
 * Names the Node that the processes of reading run on (see `ownNode`): one packed beside the app, or the npm package's where
 * Nomina runs from a clone. Who has set `NOMINA_NODE` knows better.
 */
export function nameOwnNode(installation: string): void {
  const places = [
    join(process.resourcesPath ?? installation, binary),
    join(installation, 'node_modules', 'node', 'bin', binary)
  ]
  const found = places.find((path) => existsSync(path))
  if (found) process.env.NOMINA_NODE ??= found
}
