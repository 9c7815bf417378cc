/** From Enter to the next crop painted, in a real browser, on a project of 100,000 fields. */
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Page } from 'playwright'
import { findChromium } from '../scripts/lib/chromium.mjs'
import { queueIds, suggestedQueue } from '../src/core/review'
import { closeStore, type Database } from '../src/core/store'
import { JUDGES, undecidedWithDraws } from '../src/core/store/arrivals'
import { madeProject, putPictures } from './project'
import { percentile, type Result } from './report'
import { findImages, type Setting } from './setting'

const ITEMS = 200
/** Not measured: the first items warm caches up, as a person's first minute does. */
const WARM_UP = 10
/** A fast reviewer; keys that come faster than that are not what a person does. */
const BETWEEN_KEYS_MS = 150

export async function measureNextItem(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const executablePath = await findChromium()
  if (!executablePath) return { notes: ['Not measured: there is no Chromium on this machine.'], results: [] }
  const project = join(setting.scratch, 'next-item')
  const db = madeProject(setting, 'next-item', { fields: setting.options.rows })
  addPictures(db, setting)
  closeStore(db)
  const server = await serve(setting, project)
  const browser = await chromium.launch({ executablePath })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const openedMs = await openReview(page, server.url)
    const times = await pressEnter(page, ITEMS)
    return {
      notes: [
        `${setting.options.rows.toLocaleString('en-GB')} fields; ${times.length} times Enter, every ${BETWEEN_KEYS_MS} ms.`
      ],
      results: [
        { name: 'link opened to first crop', value: openedMs, unit: 'ms', target: { atMost: 2000 } },
        { name: 'Enter to next crop painted, 50 %', value: percentile(times, 0.5), unit: 'ms' },
        {
          name: 'Enter to next crop painted, 95 %',
          value: percentile(times, 0.95),
          unit: 'ms',
          target: { atMost: 50 }
        },
        { name: 'Enter to next crop painted, slowest', value: Math.max(...times), unit: 'ms' }
      ]
    }
  } finally {
    await browser.close()
    server.child.kill('SIGTERM')
  }
}

/** Gives those fields that will be looked at a picture each, on the disk, where the project expects it. */
function addPictures(db: Database, setting: Setting): void {
  const orders = ['confidence', 'differs', 'file'] as const
  const filter = { status: 'undecided' } as const
  // The order that a review begins with changes once the reader knows the hand: then drawn fields come among the least sure.
  const drawn: number[] = []
  for (let draw = 0; draw < JUDGES && drawn.length < ITEMS; draw++) drawn.push(...undecidedWithDraws(db, [draw]).flat())
  const ids = [
    ...new Set([
      ...suggestedQueue(db, { filter }).ids.slice(0, 2 * ITEMS),
      ...drawn,
      ...orders.flatMap((order) => queueIds(db, { filter, order }).slice(0, 3 * ITEMS))
    ])
  ]
  putPictures(db, join(setting.scratch, 'next-item-images'), findImages(setting).files, ids)
}

/** Starts the built app on a project, as a reviewer would. */
export async function serve(
  { settings, scratch }: Setting,
  project: string
): Promise<{ child: ChildProcess; url: string }> {
  const cli = join(settings.installation, 'out', 'main', 'cli.js')
  const environment = { ...process.env, NOMINA_HOME: join(scratch, 'next-item-home') }
  const child = spawn(process.execPath, [cli, 'serve', project, '--json'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit']
  })
  for await (const line of createInterface({ input: child.stdout! })) {
    const { url } = JSON.parse(line) as { url?: string }
    if (url) return { child, url }
    break
  }
  throw new Error('The server did not start.')
}

/** @returns ms from opening the link to the first crop on the screen */
export async function openReview(page: Page, url: string): Promise<number> {
  const startedAt = performance.now()
  await page.goto(url)
  await page.waitForFunction(() => {
    const picture = document.querySelector<HTMLImageElement>('img[alt^="Field of"]')
    return picture !== null && picture.complete && picture.naturalWidth > 0
  })
  return performance.now() - startedAt
}

/** Presses Enter again and again. @returns ms from each key to the frame that shows the next crop */
export async function pressEnter(page: Page, items: number): Promise<number[]> {
  await page.evaluate(() => {
    const picture = (): HTMLImageElement | null => document.querySelector('img[alt^="Field of"]')
    const shown = window as unknown as { nextItemTimes: number[] }
    shown.nextItemTimes = []
    addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Enter') return
        const before = picture()?.src
        const look = (): void => {
          const now = picture()
          if (!now || now.src === before || !now.complete || now.naturalWidth === 0)
            return void requestAnimationFrame(look)
          // This runs just before a frame is painted; a message comes just after it.
          const channel = new MessageChannel()
          channel.port1.onmessage = () => void shown.nextItemTimes.push(performance.now() - event.timeStamp)
          channel.port2.postMessage(null)
        }
        requestAnimationFrame(look)
      },
      { capture: true }
    )
  })
  const isEmpty = (): Promise<boolean> =>
    page.evaluate(() => document.activeElement instanceof HTMLInputElement && document.activeElement.value === '')
  for (let item = 0; item < WARM_UP + items; item++) {
    // Enter takes no empty reading.
    if (await isEmpty()) await page.keyboard.type('A')
    await page.keyboard.press('Enter')
    await page.waitForTimeout(BETWEEN_KEYS_MS)
  }
  const times = await page.evaluate(() => (window as unknown as { nextItemTimes: number[] }).nextItemTimes)
  if (times.length < WARM_UP + items)
    throw new Error(`Only ${times.length} of ${WARM_UP + items} keys brought a next crop.`)
  return times.slice(WARM_UP)
}
