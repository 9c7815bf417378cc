/** The built app, started as a user would: `nomina serve` on a data folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, type Page } from '@playwright/test'
import { parse } from 'csv-parse/sync'

const root = join(import.meta.dirname, '../..')

export interface App {
  /** Of the app as it runs now. */
  url: string
  /** The folder that holds everything of this test. */
  folder: string
  /** Kills it and starts it again on the same data. */
  killAndRestart(): Promise<void>
}

/** A test with an app and a data folder of its own. */
export const test = base.extend<{ app: App }>({
  // Playwright reads the needs of a fixture from this pattern.
  // eslint-disable-next-line no-empty-pattern
  app: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'nomina-e2e-'))
    let running = await start(folder)
    const app: App = {
      url: running.url,
      folder,
      async killAndRestart() {
        await running.stop('SIGKILL')
        running = await start(folder)
        app.url = running.url
      }
    }
    await use(app)
    await running.stop('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
})

interface Running {
  url: string
  stop(signal: NodeJS.Signals): Promise<void>
}

async function start(folder: string): Promise<Running> {
  // Its person's folder too: what is exported by default lies beside the rest of the test.
  const env = { ...process.env, HOME: folder, NOMINA_HOME: join(folder, 'home'), NO_COLOR: '1' }
  const child = spawn(process.execPath, [join(root, 'scripts/nomina.mjs'), 'serve', '--json'], { env, cwd: folder })
  const url = await firstUrl(child)
  return {
    url,
    stop: (signal) =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve()
        child.once('exit', () => resolve())
        child.kill(signal)
      })
  }
}

function firstUrl(child: ChildProcess): Promise<string> {
  let said = ''
  let complained = ''
  return new Promise((resolve, reject) => {
    child.stderr!.on('data', (chunk: Buffer) => (complained += chunk.toString()))
    child.stdout!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const url = /http:\/\/[^"\s]+/.exec(said)?.[0]
      if (url) resolve(url)
    })
    child.once('exit', (code) => reject(new Error(`nomina serve ended with ${code}: ${complained}`)))
  })
}

/** Calls an endpoint as the page does. */
export const callCore = <T>(page: Page, name: string, input: unknown): Promise<T> =>
  page.evaluate(
    async ([endpoint, body]) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`api/${endpoint}`, { method: 'POST', body, headers })
      const reply = await answer.json()
      if (!reply.ok) throw new Error(reply.error.message)
      return reply.value
    },
    [name, JSON.stringify(input)] as const
  )

/** A copy of the sample scans with their labels, as a user's folder. */
export function copySamples(folder: string): string {
  const scans = join(folder, 'school scans')
  mkdirSync(scans, { recursive: true })
  cpSync(join(root, 'resources/samples/fields'), scans, { recursive: true })
  return scans
}

export function readTable(path: string): Record<string, string>[] {
  return parse(readFileSync(path), { columns: true, bom: true })
}

/** What each sample field really says: file name → text, EMPTY or UNREADABLE. */
export function sampleTruth(): Map<string, string> {
  const rows = readTable(join(root, 'resources/samples/truth.csv'))
  return new Map(rows.map((row) => [row.FILENAME!, row.IDENTITY!]))
}
