/** `npm run build`: builds Nomina and marks the build as fresh. */
import { rebuild } from './lib/build.mjs'
import { onBundledNode } from './lib/node.mjs'

await onBundledNode(import.meta.filename, async () => {
  try {
    await rebuild()
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
})
