/**
 * Several people on one project through `serve --share`: HTTP clients and two real browsers that decide at their own pace,
 * lose replies, and die at random. What the database holds at the end is checked against what each of them was told.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { chromium } from 'playwright'
import { findChromium } from '../scripts/lib/chromium.mjs'
import { closeStore, openStore, type Database } from '../src/core/store'
import { madeProject } from './project'
import { percentile, type Result } from './report'
import type { Setting } from './setting'

const BROWSERS = 2
/** Between two decisions, on average: a fast reviewer. */
const PACE_MS = 600
/** Chances at each decision: the window dies; the reply is lost, and the same request is sent again. */
const DEATH = 0.01
const LOST = 0.03

interface Log {
  /** Requests that were answered, with their field. */
  told: Map<string, number>
  /** Sent, but the window died before an answer. */
  unsure: Map<string, number>
  refused: number
  deaths: number
  decideMs: number[]
  leaseMs: number[]
}

export async function measureReviewers(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const project = join(setting.scratch, 'reviewers')
  closeStore(madeProject(setting, 'reviewers', { fields: setting.options.rows }))
  const { clients: count } = setting.options
  const names = Array.from({ length: count + BROWSERS }, (_, index) => `Reviewer ${index + 1}`)
  const server = await serve(setting, project, names)
  const seconds = setting.options.minutes * 60
  const until = performance.now() + seconds * 1000
  const log: Log = { told: new Map(), unsure: new Map(), refused: 0, deaths: 0, decideMs: [], leaseMs: [] }
  try {
    const links = server.links.map(({ url }) => url.replace(/\/\/[^/]+:/, '//127.0.0.1:'))
    const clients = links.slice(BROWSERS).map((link) => review(link, until, log))
    const browsers = await startBrowsers(links.slice(0, BROWSERS), until)
    await Promise.all(clients)
    await browsers.finished
    const checked = check(openStore(project, { create: false }), log)
    return {
      notes: [
        `${count} HTTP clients and ${browsers.count} browsers for ${seconds} s on ${setting.options.rows.toLocaleString('en-GB')} fields: ` +
          `${log.told.size} decisions told to clients, ${checked.decisions} stored in all, ${log.deaths} windows died, ` +
          `${log.refused} refused as somebody else’s.`
      ],
      results: [
        { name: 'decisions told but not stored', value: checked.lost, unit: '', target: { atMost: 0 } },
        { name: 'requests stored twice', value: checked.doubled, unit: '', target: { atMost: 0 } },
        { name: 'fields decided by two people', value: checked.contested, unit: '', target: { atMost: 0 } },
        { name: 'browsers that decided', value: checked.browsers, unit: '', target: { atLeast: browsers.count } },
        { name: 'decide, 95 %', value: percentile(log.decideMs, 0.95), unit: 'ms', target: { atMost: 150 } },
        { name: 'lease, 95 %', value: percentile(log.leaseMs, 0.95), unit: 'ms', target: { atMost: 150 } }
      ]
    }
  } finally {
    server.child.kill('SIGTERM')
  }
}

/** One person: windows one after the other, each dying at random. */
async function review(link: string, until: number, log: Log): Promise<void> {
  while (performance.now() < until) await reviewInWindow(link, until, log)
}

async function reviewInWindow(link: string, until: number, log: Log): Promise<void> {
  const cookie = (await fetch(link, { redirect: 'manual' })).headers.get('set-cookie')!.split(';')[0]!
  const origin = new URL(link).origin
  const window = randomUUID()
  const call = async (name: string, input: unknown, times?: number[]) => {
    const started = performance.now()
    const response = await fetch(`${origin}/api/${name}`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify(input)
    })
    const reply = (await response.json()) as { ok: boolean; value: Record<string, number[]>; error?: { code: string } }
    times?.push(performance.now() - started)
    return reply
  }
  const queue = await call('fields.ids', { filter: { status: 'undecided' }, order: 'confidence', atMost: 1000 })
  let ids = queue.value.ids!
  while (performance.now() < until && ids.length) {
    const { value } = await call('review.lease', { window, ids: ids.slice(0, 64), count: 8 }, log.leaseMs)
    const granted = value.granted!
    const gone = new Set([...granted, ...value.taken!])
    ids = ids.filter((id) => !gone.has(id))
    for (const id of granted.slice(0, 6)) {
      await pause(PACE_MS * 2 * Math.random())
      if (performance.now() > until) return
      const request = randomUUID()
      const decide = () => call('review.decide', { ids: [id], kind: 'accepted', seen: null, request }, log.decideMs)
      if (Math.random() < DEATH) {
        log.deaths++
        log.unsure.set(request, id)
        void decide().catch(() => undefined)
        return
      }
      if (Math.random() < LOST) await decide() // its reply is thrown away
      const reply = await decide()
      if (reply.ok) log.told.set(request, id)
      else if (reply.error?.code === 'conflict') log.refused++
      else if (reply.error?.code !== 'invalid-input') throw new Error(`review.decide: ${JSON.stringify(reply.error)}`)
    }
    ids = [...granted.slice(6), ...ids]
  }
}

/** Two real windows whose person presses Enter; one of them is closed in between without a word and opened again. */
async function startBrowsers(links: string[], until: number): Promise<{ count: number; finished: Promise<void> }> {
  const executablePath = await findChromium()
  if (!executablePath) return { count: 0, finished: Promise.resolve() }
  const browser = await chromium.launch({ executablePath })
  const press = async (link: string, dies: boolean): Promise<void> => {
    const half = performance.now() + (until - performance.now()) / 2
    let context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    let page = await context.newPage()
    const open = async (): Promise<void> => {
      await page.goto(link)
      await page.locator('[data-reading-input]').waitFor()
    }
    await open()
    let died = !dies
    while (performance.now() < until) {
      await page.keyboard.press('Enter')
      await pause(PACE_MS * 2 * Math.random())
      if (died || performance.now() < half) continue
      died = true
      await context.close()
      context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
      page = await context.newPage()
      await open()
    }
    await pause(500)
  }
  const finished = Promise.all(links.map((link, index) => press(link, index === 0)))
    .then(() => undefined)
    .finally(() => browser.close())
  // It is told where it is waited for; until then it must not end this process, and leave the server to itself.
  finished.catch(() => undefined)
  return { count: links.length, finished }
}

function check(db: Database, log: Log): Record<'decisions' | 'lost' | 'doubled' | 'contested' | 'browsers', number> {
  const stored = new Map(
    db
      .prepare<[], { request: string; fieldId: number; times: number }>(
        `SELECT a.request, d.field_id AS fieldId, count(*) AS times FROM actions a JOIN decisions d ON d.action_id = a.id
         WHERE a.request IS NOT NULL GROUP BY a.request`
      )
      .all()
      .map((row) => [row.request, row])
  )
  const count = (sql: string): number => db.prepare<[], number>(sql).pluck().get()!
  const result = {
    decisions: count('SELECT count(*) FROM decisions'),
    lost: [...log.told].filter(([request, fieldId]) => stored.get(request)?.fieldId !== fieldId).length,
    doubled: [...stored.values()].filter(({ times }) => times > 1).length,
    contested: count(
      'SELECT count(*) FROM (SELECT field_id FROM decisions GROUP BY field_id HAVING count(DISTINCT reviewer) > 1)'
    ),
    browsers: count(`SELECT count(DISTINCT reviewer) FROM decisions WHERE reviewer IN ('Reviewer 1', 'Reviewer 2')`)
  }
  closeStore(db)
  return result
}

async function serve(
  { settings, scratch }: Setting,
  project: string,
  names: string[]
): Promise<{ child: ChildProcess; links: { url: string }[] }> {
  const cli = join(settings.installation, 'out', 'main', 'cli.js')
  const parameters = [cli, 'serve', project, '--share', ...names, '--host', '127.0.0.1', '--json']
  const child = spawn(process.execPath, parameters, {
    env: { ...process.env, NOMINA_HOME: join(scratch, 'reviewers-home') },
    stdio: ['ignore', 'pipe', 'ignore']
  })
  for await (const line of createInterface({ input: child.stdout! })) {
    const { links } = JSON.parse(line) as { links?: { url: string }[] }
    if (links) return { child, links }
    break
  }
  throw new Error('The server did not start.')
}
