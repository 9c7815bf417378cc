// Walks the first hour in short, as a person with a keyboard: home → sample → five decisions → CSV. Says keys and seconds and keeps
// a picture of each step: npm run walk -- FOLDER
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium } from 'playwright'

/** What the walk must stay within. */
const mostKeys = 25
const mostSeconds = 15
/** Longest wait for one step; a busy machine is slow, not broken. */
const patience = 120_000

const root = join(import.meta.dirname, '..')
const pictures = resolve(process.argv[2] ?? join(tmpdir(), 'nomina-walk'))
const home = await mkdtemp(join(tmpdir(), 'nomina-walk-home-'))
await mkdir(pictures, { recursive: true })
const env = { ...process.env, NOMINA_HOME: home, HOME: home }
const app = spawn(process.execPath, [join(root, 'scripts/nomina.mjs'), 'serve', '--json'], {
  env,
  stdio: ['ignore', 'pipe', 'inherit']
})

let keys = 0
let step = 0
/** Milliseconds that went into pictures: not the person's. */
let apart = 0

async function walk(page) {
  const press = async (...names) => {
    for (const name of names) {
      keys++
      await page.keyboard.press(name)
    }
  }
  const picture = async (name) => {
    const began = performance.now()
    await page.screenshot({ path: join(pictures, `${++step}-${name}.png`) })
    apart += performance.now() - began
  }
  const reading = page.locator('[data-reading-input]')
  const began = performance.now()
  await page.locator('#main .way.go:focus').waitFor({ timeout: patience })
  await picture('home')
  await press('Tab', 'Enter')
  await reading.waitFor({ timeout: patience })
  await page.waitForFunction(() => document.activeElement?.matches('[data-reading-input]'))
  await picture('first-field')
  for (let decided = 0; decided < 5; decided++) {
    const before = await reading.getAttribute('aria-label')
    await press('Enter')
    await page.waitForFunction(
      (label) => document.querySelector('[data-reading-input]')?.getAttribute('aria-label') !== label,
      before,
      { timeout: patience }
    )
  }
  await picture('five-decisions')
  await press('Alt+Shift+E')
  const write = page.locator('button[type=submit].go:not(:disabled)')
  await write.waitFor({ timeout: patience })
  await picture('export')
  await page.waitForFunction(() => document.activeElement?.matches('button[type=submit].go'), null, {
    timeout: patience
  })
  await press('Enter')
  const download = page.locator('a[href^="exported/"]')
  await download.waitFor({ timeout: patience })
  const seconds = (performance.now() - began - apart) / 1000
  await picture('written')
  const [file] = await Promise.all([page.waitForEvent('download', { timeout: patience }), download.click()])
  const rows = (await readFile(await file.path(), 'utf8')).trim().split('\n')
  if (rows.length !== 6) throw new Error(`Five decisions gave ${rows.length - 1} rows.`)
  return seconds
}

try {
  const url = await new Promise((found, failed) => {
    let said = ''
    app.stdout.on('data', (chunk) => {
      said += chunk
      const address = /http:\/\/[^"\s]+/.exec(said)?.[0]
      if (address) found(address)
    })
    app.once('exit', () => failed(new Error('nomina serve ended.')))
  })
  const browser = await chromium.launch({
    executablePath: process.env.NOMINA_CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu']
  })
  try {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en',
      reducedMotion: 'reduce'
    })
    const page = await context.newPage()
    await page.goto(url)
    const seconds = await walk(page)
    console.log(
      `${keys} keys (at most ${mostKeys}), ${seconds.toFixed(1)} s (at most ${mostSeconds}); pictures in ${pictures}`
    )
    if (keys > mostKeys) process.exitCode = 1
  } finally {
    await browser.close()
  }
} finally {
  app.kill('SIGTERM')
  await rm(home, { recursive: true, force: true })
}
