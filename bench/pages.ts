/** A long PDF through the command line: pages a second from file to crops, and the memory of all processes. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { pdfOfPages, scanPage } from '../test/fixtures/pdf'
import { residentBytes } from './memory'
import type { Result } from './report'
import type { Setting } from './setting'

const SAMPLE_MS = 500
const PAGES = 500

export async function measurePages(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const folder = join(setting.options.forms, 'pages')
  if (!existsSync(folder)) return { notes: [`Not measured: ${folder} is not there.`], results: [] }
  const path = join(setting.scratch, 'long.pdf')
  writeFileSync(path, await longPdf(folder))
  const third = await measureRun(setting, path, Math.ceil(PAGES / 3), 'pages-third')
  const all = await measureRun(setting, path, PAGES, 'pages-all')
  return {
    notes: [`nomina import of a PDF of ${PAGES} pages at 200 dpi (those of ${folder}, again and again).`],
    results: [
      {
        name: 'pages/s, decoding, registration and crops',
        value: all.perSecond,
        unit: 'pages/s',
        target: { atLeast: 2 }
      },
      { name: 'peak memory of all processes', value: all.peak, unit: 'MB', target: { atMost: 1500 } },
      { name: 'peak until a third of the pages', value: third.peak, unit: 'MB' }
    ]
  }
}

async function longPdf(folder: string): Promise<Buffer> {
  const images = readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .sort()
  const pages = await Promise.all(
    images.map(async (name) => {
      const stream = readFileSync(join(folder, name))
      const { width, height, channels } = await sharp(stream).metadata()
      const space = channels === 1 ? '/DeviceGray' : '/DeviceRGB'
      const dictionary = `/Width ${width} /Height ${height} /ColorSpace ${space} /BitsPerComponent 8 /Filter /DCTDecode`
      return scanPage({ dictionary, stream }, { width: 595, height: 842 })
    })
  )
  return pdfOfPages(Array.from({ length: PAGES }, (_, index) => pages[index % pages.length]!))
}

/** Ends the run once `pages` are done. */
async function measureRun(
  { settings, scratch, options }: Setting,
  path: string,
  pages: number,
  name: string
): Promise<{ perSecond: number; peak: number }> {
  const cli = join(settings.installation, 'out', 'main', 'cli.js')
  const parameters = [cli, 'import', join(scratch, name), path, '--template', join(options.forms, 'template.json')]
  const environment = { ...process.env, NOMINA_HOME: join(scratch, `${name}-home`) }
  const child = spawn(process.execPath, parameters, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
  let peak = 0
  let first: { at: number; done: number } | null = null
  let last = { at: 0, done: 0 }
  const timer = setInterval(() => (peak = Math.max(peak, residentBytes(child.pid!) / 1e6)), SAMPLE_MS)
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    for (const [, done] of text.matchAll(/Finding fields (\d+)/g)) {
      last = { at: performance.now(), done: Number(done) }
      // What comes before is the start of the processes.
      if (!first && last.done > 0) first = last
      if (last.done >= pages) child.kill('SIGINT')
    }
  })
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve())
  })
  clearInterval(timer)
  const start = first ?? last
  return { perSecond: ((last.done - start.done) * 1000) / Math.max(1, last.at - start.at), peak }
}
