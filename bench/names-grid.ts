/** The grid by name on 100,000 fields and 30,000 names: its queries, from key to paint, scrolling, and a bulk decision. */
import { join } from 'node:path'
import { chromium, type Page } from 'playwright'
import { findChromium } from '../scripts/lib/chromium.mjs'
import { groupIds, groupMembers, groupRows } from '../src/core/names'
import { decide, undo } from '../src/core/review'
import { closeStore, type Database } from '../src/core/store'
import { madeProject, putPictures } from './project'
import { serve } from './next-item'
import { percentile, type Result } from './report'
import { findImages, type Setting } from './setting'

const NAMES = 30_000
const GROUPS = 60
const WARM_UP = 5
const MOVES = 100
/** Pictures a group, but for the first, which is scrolled through. */
const SEEN = 60
/** A fast reviewer: from crop to crop, and for a look over a group. */
const BETWEEN_KEYS_MS = { ArrowRight: 150, Enter: 1000 }
const BULK = 10_000

export async function measureNamesGrid(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const project = join(setting.scratch, 'names-grid')
  const db = madeProject(setting, 'names-grid', { fields: setting.options.rows, names: NAMES })
  const ids = groupIds(db, { shown: 'undecided', order: 'worth' })
  const results = [...queries(db, ids), ...bulk(db)]
  const notes = [
    `${setting.options.rows.toLocaleString('en-GB')} fields under ${ids.length.toLocaleString('en-GB')} names.`
  ]
  const first = addPictures(db, setting, ids)
  closeStore(db)
  const executablePath = await findChromium()
  if (!executablePath) return { notes: [...notes, 'Not seen in a browser: there is no Chromium here.'], results }
  const server = await serve(setting, project)
  try {
    const frames = await inGrid(executablePath, server.url, scroll)
    results.push(
      { name: `scrolling ${first} crops, a frame, 50 %`, value: percentile(frames, 0.5), unit: 'ms' },
      {
        name: `scrolling ${first} crops, a frame, 95 %`,
        value: percentile(frames, 0.95),
        unit: 'ms',
        target: { atMost: 50 }
      }
    )
    // In another browser, which waits for nothing that was scrolled past.
    await inGrid(executablePath, server.url, async (page) => {
      results.push(...painted('arrow key to crop painted', await press(page, 'ArrowRight', MOVES)))
      results.push(...painted('Enter to next group painted', await press(page, 'Enter', GROUPS)))
    })
    return { notes, results }
  } finally {
    server.child.kill('SIGTERM')
  }
}

/** In a browser of its own, with the first group open. */
async function inGrid<T>(executablePath: string, url: string, work: (page: Page) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(url)
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Names' }).click()
    await page.locator('[role=gridcell][data-index="0"]:focus img').waitFor()
    return await work(page)
  } finally {
    await browser.close()
  }
}

function queries(db: Database, ids: number[]): Result[] {
  const timed = (name: string, work: (turn: number) => unknown): Result => {
    const times = Array.from({ length: 30 }, (_, turn) => {
      const from = performance.now()
      work(turn)
      return performance.now() - from
    })
    return { name: `${name}, 95 %`, value: percentile(times, 0.95), unit: 'ms', target: { atMost: 50 } }
  }
  return [
    timed('all names in order', () => groupIds(db, { shown: 'undecided', order: 'worth' })),
    timed('names with a search', () => groupIds(db, { shown: 'all', order: 'name', search: 'mar' })),
    timed('200 names', (turn) => groupRows(db, ids.slice(turn * 200, turn * 200 + 200))),
    timed('fields of the largest name', () => groupMembers(db, { id: ids[0]!, shown: 'undecided' }))
  ]
}

/** One act on 10,000 fields: for so long nothing else is answered. */
function bulk(db: Database): Result[] {
  const ids = db.prepare<[number], number>(`SELECT id FROM fields WHERE status = 'undecided' LIMIT ?`).pluck().all(BULK)
  const from = performance.now()
  decide(db, { ids, kind: 'accepted', text: 'MARRI', reviewer: 'bench' })
  const decided = performance.now()
  undo(db, 'bench')
  const undone = performance.now()
  return [
    { name: `deciding on ${ids.length} fields in one act`, value: decided - from, unit: 'ms' },
    { name: `undoing it`, value: undone - decided, unit: 'ms' }
  ]
}

/** Gives those fields that will be looked at a picture each. @returns the size of the first group */
function addPictures(db: Database, setting: Setting, ids: number[]): number {
  const groups = ids.slice(0, GROUPS + WARM_UP + 2).map((id) => groupMembers(db, { id, shown: 'undecided' }).ids)
  const seen = groups.flatMap((members, place) => (place === 0 ? members : members.slice(0, SEEN)))
  putPictures(db, join(setting.scratch, 'names-grid-images'), findImages(setting).files, seen)
  return groups[0]!.length
}

/** Scrolls through the whole first group, 300 px a frame. @returns ms of each frame */
const scroll = (page: Page): Promise<number[]> =>
  page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const grid = document.querySelector('[role=grid]')!
        const frames: number[] = []
        let before = performance.now()
        const step = (now: number): void => {
          frames.push(now - before)
          before = now
          const at = grid.scrollTop
          grid.scrollTop += 300
          if (grid.scrollTop > at) return void requestAnimationFrame(step)
          grid.scrollTop = 0
          setTimeout(() => resolve(frames.slice(1)), 1000)
        }
        requestAnimationFrame(step)
      })
  )

const painted = (name: string, times: number[]): Result[] => [
  { name: `${name}, 50 %`, value: percentile(times, 0.5), unit: 'ms' },
  { name: `${name}, 95 %`, value: percentile(times, 0.95), unit: 'ms', target: { atMost: 50 } }
]

/** Presses a key again and again. @returns ms from each to the frame in which another crop has the focus, with its picture */
async function press(page: Page, key: keyof typeof BETWEEN_KEYS_MS, times: number): Promise<number[]> {
  await page.evaluate((key) => {
    const shown = window as unknown as { namesTimes: number[] }
    shown.namesTimes = []
    const picture = (): HTMLImageElement | null | undefined =>
      document.activeElement?.closest('[role=gridcell]')?.querySelector('img')
    addEventListener(
      'keydown',
      (event) => {
        if (event.key !== key) return
        const before = picture()?.src
        const look = (): void => {
          const now = picture()
          if (!now || now.src === before || !now.complete || now.naturalWidth === 0)
            return void requestAnimationFrame(look)
          // This runs just before a frame is painted; a message comes just after it.
          const channel = new MessageChannel()
          channel.port1.onmessage = () => void shown.namesTimes.push(performance.now() - event.timeStamp)
          channel.port2.postMessage(null)
        }
        requestAnimationFrame(look)
      },
      { capture: true }
    )
  }, key)
  for (let turn = 0; turn < WARM_UP + times; turn++) {
    await page.keyboard.press(key)
    await page.waitForFunction(
      (wanted) => (window as unknown as { namesTimes: number[] }).namesTimes.length >= wanted,
      turn + 1
    )
    await page.waitForTimeout(BETWEEN_KEYS_MS[key])
  }
  const measured = await page.evaluate(() => (window as unknown as { namesTimes: number[] }).namesTimes)
  return measured.slice(WARM_UP)
}
