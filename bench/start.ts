/** From `npm start` to the first key that the app acts on, in the browser shell; the person's browser runs already. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Browser } from 'playwright'
import { findChromium } from '../scripts/lib/chromium.mjs'
import { median, type Result } from './report'
import type { Setting } from './setting'

const STARTS = 10
/** A person who waits presses again. */
const BETWEEN_KEYS_MS = 20

export async function measureStart({ settings, scratch }: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const executablePath = await findChromium()
  if (!executablePath) return { notes: ['Not measured: there is no Chromium on this machine.'], results: [] }
  const browser = await chromium.launch({ executablePath })
  try {
    const times: Times[] = []
    for (let start = 0; start <= STARTS; start++) times.push(await startOnce(settings.installation, scratch, browser))
    const [, ...measured] = times // the first fills the system's cache of files
    const middle = (of: keyof Times): number => median(measured.map((one) => one[of]))
    return {
      notes: [`${STARTS} starts without a project, medians; the build is there.`],
      results: [
        { name: 'npm start to its link', value: middle('link'), unit: 'ms' },
        { name: 'npm start to the first key acted on', value: middle('key'), unit: 'ms', target: { atMost: 2000 } },
        { name: 'the slowest of them', value: Math.max(...measured.map(({ key }) => key)), unit: 'ms' }
      ]
    }
  } finally {
    await browser.close()
  }
}

/** Milliseconds since the process was started. */
interface Times {
  link: number
  key: number
}

async function startOnce(installation: string, scratch: string, browser: Browser): Promise<Times> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  const began = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: installation,
    env: { ...process.env, NOMINA_SHELL: 'browser', BROWSER: 'none', NOMINA_HOME: join(scratch, 'start-home') },
    stdio: ['ignore', 'pipe', 'ignore']
  })
  const ended = once(child, 'close')
  try {
    const url = await linkOf(createInterface({ input: child.stdout }))
    const link = performance.now() - began
    await page.goto(url, { waitUntil: 'commit' })
    const readers = page.getByRole('heading', { name: 'Readers', level: 1 })
    while (!(await readers.isVisible())) {
      await page.keyboard.press('Alt+Shift+M')
      await page.waitForTimeout(BETWEEN_KEYS_MS)
    }
    return { link, key: performance.now() - began }
  } finally {
    child.kill('SIGTERM')
    await ended
    await page.close()
  }
}

async function linkOf(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const url = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(line)?.[0]
    if (url) return url
  }
  throw new Error('npm start ended without a link.')
}
