#!/usr/bin/env node
/** The `nomina` command: builds what is missing, then is the command line. Nothing but the command writes to stdout. */
import { pathToFileURL } from 'node:url'
import { ensureBuilt } from './lib/build.mjs'
import { onBundledNode } from './lib/node.mjs'
import { inRoot, root } from './lib/root.mjs'

await onBundledNode(import.meta.filename, async () => {
  // npm runs scripts in the package's folder and says where it was called: relative paths are the caller's.
  const caller = process.env.INIT_CWD
  try {
    await ensureBuilt((line) => console.error(line))
    if (caller && process.cwd() === root) process.chdir(caller)
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
    return
  }
  await import(pathToFileURL(inRoot('out', 'main', 'cli.js')).href)
})
