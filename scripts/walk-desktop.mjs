/**
 * Walks through the desktop app as a person would, and does to it what machines do. For looking; CI has no Electron.
 *   node scripts/walk-desktop.mjs --app FILE [--arguments="…"] [--crops 200] [--rounds 1] [--log FILE]
 * `--app` is a packaged app's binary, or Electron's own with `--arguments FOLDER` of the built project.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { connect } from './lib/devtools.mjs'
import { inRoot } from './lib/root.mjs'

if (typeof WebSocket === 'undefined')
  throw new Error('This needs Node 22 or newer, such as node_modules/node/bin/node.')
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
const port = Number(values.port)
const folder = mkdtempSync(join(tmpdir(), 'nomina-walk-'))
const log = { text: '' }

/** Chromium's own complaints of a machine without buses and graphics are not the app's. */
const ofTheMachine =
  /ERROR:(bus|gpu|gl_|viz|vaapi|dri|gpu_memory|object_proxy|angle|command_buffer|ozone|shared_memory|network_service_instance)|dri3|DevTools listening/

const started = new Set()

function startApp(home, { project = null, port: own = port } = {}) {
  const environment = { ...process.env, HOME: home, NOMINA_HOME: join(home, 'nomina') }
  if (project) environment.NOMINA_PROJECT = project
  const parameters = [...values.arguments.split(' ').filter(Boolean), `--remote-debugging-port=${own}`]
  const child = spawn(values.app, parameters, { env: environment, detached: true })
  started.add(child)
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log.text += String(chunk)))
  const start = { child, over: null }
  // 'close' would wait for whoever still holds its output.
  start.ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve((start.over = signal ?? `code ${code}`)))
  })
  return start
}

/** Copies of the sample fields, each with bytes of its own: a comment after a JPEG's first marker. */
function makeCrops(into, count) {
  mkdirSync(into, { recursive: true })
  const samples = inRoot('resources', 'samples', 'fields')
  const files = readdirSync(samples).filter((name) => name.endsWith('.jpg'))
  for (let number = 0; number < count; number++) {
    const bytes = readFileSync(join(samples, files[number % files.length]))
    const comment = Buffer.from(`walk ${number}`)
    const marker = Buffer.from([0xff, 0xfe, 0, comment.length + 2])
    writeFileSync(
      join(into, `${number}.jpg`),
      Buffer.concat([bytes.subarray(0, 2), marker, comment, bytes.subarray(2)])
    )
  }
}

/** @param over whether waiting is of no use any more: then what `look` throws is thrown */
async function until(what, look, seconds = 120, over = () => false) {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const found = await look().catch((error) => {
      if (over()) throw error
      return null
    })
    if (found) return found
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`)
    await sleep(300)
  }
}

const processesOf = (pid) => {
  const said = execFileSync('ps', ['-eo', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' }).trim().split('\n')
  const all = said
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .map(([, id, parent, rss, args]) => ({ pid: +id, parent: +parent, rss: +rss, args }))
  const mine = new Set([pid])
  for (let size = 0; size !== mine.size;) {
    size = mine.size
    for (const one of all) if (mine.has(one.parent)) mine.add(one.pid)
  }
  return all.filter(({ pid }) => mine.has(pid))
}

const megabytes = (pid) => Math.round((processesOf(pid).find((one) => one.pid === pid)?.rss ?? 0) / 1024)
const step = (text) => console.log(`${new Date().toISOString().slice(11, 19)} ${text}`)

async function walk(round) {
  const home = join(folder, `home ${round}`)
  mkdirSync(home, { recursive: true })
  const first = startApp(home)
  let page = await connect(port)
  const call = async (name, input = {}) => {
    if (first.over) throw new Error(`${name}: the app has ended by itself with ${first.over}.`)
    const reply = await page.evaluate(`nomina.call(${JSON.stringify(name)}, ${JSON.stringify(input)})`)
    if (!reply?.ok) throw new Error(`${name}: ${JSON.stringify(reply)}`)
    return reply.value
  }
  const idle = (seconds) =>
    until(
      'jobs end',
      async () => (await call('runs.current')).every(({ status }) => !['running', 'paused'].includes(status)),
      seconds,
      () => first.over !== null
    )
  const go = (view) =>
    page.evaluate(
      `[...document.querySelectorAll('nav button, nav a')].find((one) => (one.ariaLabel ?? one.textContent).includes(${JSON.stringify(view)}))?.click() ?? null`
    )

  step(`open, ${(await call('app.info')).shell}`)
  await call('project.create', { path: join(folder, `project ${round}`) })
  await call('import.start', { paths: [join(folder, 'crops')], labels: null, recognise: true })
  await sleep(2000)
  const readers = processesOf(first.child.pid).filter(({ args }) => /engine\.js|Nomina engine/.test(args))
  if (readers[0]) process.kill(readers[0].pid, 'SIGKILL')
  step(
    `killed ${readers.length ? 'the engine' : 'nothing'} in the middle; main process ${megabytes(first.child.pid)} MB`
  )
  await idle(1200)
  const { counts } = await call('project.info')
  step(`${counts.total} imported, ${counts.failed} failed; main process ${megabytes(first.child.pid)} MB`)
  if (counts.total < Number(values.crops)) throw new Error('Not all crops came in.')

  for (const view of ['Review', 'Names', 'List', 'Pages', 'Data', 'People', 'Import', 'Readers', 'Export']) {
    await go(view)
    await sleep(700)
  }
  step('every view was shown')
  const { rows } = await call('export.write', {
    out: join(folder, `${round}.csv`),
    format: 'training',
    rows: 'all',
    unreadable: 'mark',
    crops: false,
    split: null,
    spreadsheetSafe: false,
    overwrite: true
  })
  step(`${rows} rows exported`)

  await go('List')
  await sleep(500)
  await page.crash()
  page = await connect(port)
  const view = await until(
    'the view comes back',
    () => page.evaluate('JSON.parse(sessionStorage.getItem("nomina.place"))?.view'),
    30
  )
  step(`the window’s process ended; it came back with the view ${view}`)
  if (view !== 'list') throw new Error('The view did not come back.')

  const second = startApp(home, { port: port + 1 })
  step(`a second start ended with ${await second.ended}`)
  await call('project.openSample', { sample: 'forms' })
  await idle(600)
  step(`forms read; main process ${megabytes(first.child.pid)} MB`)

  await call('project.open', { path: join(folder, `project ${round}`) })
  await call('import.start', { paths: [join(folder, 'more')], labels: null, recognise: true })
  await sleep(1000)
  const family = processesOf(first.child.pid).map(({ pid }) => pid)
  first.child.kill('SIGTERM')
  step(`asked to end in the middle of an import: ended with ${await first.ended}`)
  await sleep(5000)
  const left = family.filter((pid) => {
    try {
      process.kill(pid, 0)
      return true
    } catch {
      return false
    }
  })
  if (left.length > 0) throw new Error(`Left running: ${left}`)
  page.close()
}

try {
  makeCrops(join(folder, 'crops'), Number(values.crops))
  makeCrops(join(folder, 'more'), Number(values.crops))
  for (let round = 1; round <= Number(values.rounds); round++) await walk(round)
  const faults = log.text
    .split('\n')
    .filter((line) => /error|assertion|critical/i.test(line) && !ofTheMachine.test(line))
  step(`${log.text.length} bytes of log, ${faults.length} lines of errors`)
  for (const line of faults.slice(0, 20)) console.log(`  ${line}`)
} catch (error) {
  console.error(error.message, `\n${log.text.slice(-2000)}`)
  process.exitCode = 1
} finally {
  if (values.log) writeFileSync(values.log, log.text)
  for (const child of started) child.kill('SIGTERM')
  rmSync(folder, { recursive: true, force: true })
}
