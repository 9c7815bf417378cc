/**
 * `npm start [-- PROJECT]`: Nomina in a window of its own where Electron can run, else the same app in the browser, with
 * one line that says why.
 */
import { createInterface } from 'node:readline'
import { resolve } from 'node:path'
import { ensureBuilt } from './lib/build.mjs'
import { openBrowser } from './lib/browser.mjs'
import { endLike, start } from './lib/child.mjs'
import { fetchElectron, installedElectron, whyNoWindow, windowEnvironment } from './lib/electron.mjs'
import { onBundledNode } from './lib/node.mjs'
import { inRoot, root } from './lib/root.mjs'

const given = process.argv.slice(2)
const callerFolder = process.cwd() === root ? (process.env.INIT_CWD ?? root) : process.cwd()

await onBundledNode(import.meta.filename, async () => {
  try {
    await ensureBuilt((line) => console.log(line))
    const reason = await startWindow()
    if (reason === null) return
    console.log(`Nomina opens in the browser: ${reason}.`)
    await startServer()
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
})

/** Runs Electron to its end. Answers why it could not, or null. */
async function startWindow() {
  const noWindow = whyNoWindow()
  if (noWindow) return noWindow
  if (!installedElectron()) {
    console.log('Fetching Electron (once; NOMINA_SHELL=browser does without it)…')
    const failed = await fetchElectron()
    if (failed) return `Electron could not be fetched (${failed})`
  }
  const project = given.find((parameter) => !parameter.startsWith('-'))
  const environment = windowEnvironment(project && resolve(callerFolder, project))
  const options = { cwd: callerFolder, env: environment, stdio: ['ignore', 'pipe', 'inherit'] }
  const { child, ended } = start(installedElectron(), [root], options)
  let opened = false
  createInterface({ input: child.stdout }).on('line', (line) => {
    opened ||= line.includes('Nomina is open')
    console.log(line)
  })
  let asked = false
  const note = () => (asked = true)
  process.once('SIGINT', note).once('SIGTERM', note)
  const end = await ended.catch((error) => ({ code: 1, signal: null, error }))
  if (opened || asked || end.code === 0) {
    endLike(end)
    return null
  }
  return `Electron did not start (${end.error?.message ?? (end.signal ? `signal ${end.signal}` : `exit code ${end.code}`)})`
}

async function startServer() {
  const parameters = [inRoot('out', 'main', 'cli.js'), 'serve', ...given]
  const { child, ended } = start(process.execPath, parameters, {
    cwd: callerFolder,
    // By the channel the server knows that this process is gone, however it ended: nobody could stop it by hand then.
    // It may ask which port to take.
    stdio: ['inherit', 'pipe', 'inherit', 'ipc']
  })
  let url = null
  createInterface({ input: child.stdout }).on('line', (line) => {
    const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(line)?.[0]
    console.log(found ? `Nomina is at ${found}` : line)
    if (!found || url) return
    url = found
    console.log('Ctrl+C stops it.')
    openBrowser(url)
  })
  endLike(await ended)
}
