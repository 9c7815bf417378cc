/**
 * What a person feels while a round runs: in a project of name fields that the reader does not know, some are decided, the round
 * starts, and Enter goes from crop to crop in a real browser until a minute is over. The core is in this process, as in a shell.
 */
import { basename, join } from 'node:path'
import { chromium } from 'playwright'
import { findChromium } from '../scripts/lib/chromium.mjs'
import { startImport } from '../src/core/ingest/job'
import { startLearning } from '../src/core/learning'
import { selectModel } from '../src/core/models'
import { loadModel } from '../src/reading/models'
import { startServer } from '../src/serve'
import { watchEventLoop } from './event-loop'
import { treeBytes } from './memory'
import { openReview, pressEnter } from './next-item'
import { described, generationsOf, learningCore, Person, settled, textsOf } from './person'
import { createProject } from './project'
import { percentile, type Result } from './report'
import { fillFolder, findImages, type Setting } from './setting'

/** Fields that are decided before the round. */
const DECIDED = 100
const BUDGET = 60
/** Keys, which take a minute. */
const KEYS = 400
const SAMPLE_MS = 500

interface Turn {
  times: number[]
  delays: number[]
  work: number[]
  bytes: number[]
  /** Share of the keys' time in which a round ran. */
  share: number
  rounds: string
}

export async function measureWhileLearning(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const executablePath = await findChromium()
  if (!executablePath) return { notes: ['Not measured: there is no Chromium on this machine.'], results: [] }
  const { images, turns: count } = setting.options
  const { files } = findImages(setting)
  const chosen = files.slice(0, images)
  const folder = fillFolder(join(setting.scratch, 'names'), chosen, chosen.length)
  const all = textsOf(`${setting.options.from}.csv`, 'IDENTITY')
  const names = new Set(chosen.map((file) => basename(file)))
  const texts = new Map([...all].filter(([file]) => names.has(file)))
  const turns: Turn[] = []
  for (let turn = 0; turn < count; turn++) turns.push(await oneTurn(setting, executablePath, folder, texts))
  // What the machine did beside it slows a turn down and never speeds one up.
  const best = (of: (turn: Turn) => number): number => Math.min(...turns.map(of))
  return {
    notes: [
      `${images} name fields, ${DECIDED} decided before; ${count} turns of ${KEYS} times Enter, the best counts.`,
      ...turns.map(({ times, share, rounds }, at) => {
        const slow = percentile(times, 0.95).toFixed(0)
        return `turn ${at + 1}: ${slow} ms (95 %), a round ran for ${(share * 100).toFixed(0)} % of it: ${rounds}`
      })
    ],
    results: [
      { name: 'Enter to next crop painted, 50 %', value: best(({ times }) => percentile(times, 0.5)), unit: 'ms' },
      {
        name: 'Enter to next crop painted, 95 %',
        value: best(({ times }) => percentile(times, 0.95)),
        unit: 'ms',
        target: { atMost: 50 }
      },
      { name: 'longest delay of the event loop', value: best(({ delays }) => Math.max(...delays)), unit: 'ms' },
      {
        name: 'longest own work at a stretch',
        value: best(({ work }) => Math.max(...work)),
        unit: 'ms',
        target: { atMost: 50 }
      },
      {
        name: 'memory of all processes, browser too',
        value: Math.max(...turns.map(({ bytes }) => Math.max(...bytes))) / 1e9,
        unit: 'GB',
        target: { atMost: 3 }
      }
    ]
  }
}

async function oneTurn(
  setting: Setting,
  executablePath: string,
  folder: string,
  texts: ReadonlyMap<string, string>
): Promise<Turn> {
  const { options, settings } = setting
  const core = await learningCore(setting)
  const project = await createProject(core, setting)
  selectModel(project, { id: (await loadModel(options.learning.reader)).manifest.id })
  startImport(project, { paths: [folder], labels: null, recognise: true })
  await settled(project)
  new Person(project, texts).decideUpTo(DECIDED)
  const server = await startServer(core, { rendererDir: settings.rendererDir, openProject: project.path })
  const browser = await chromium.launch({ executablePath })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await openReview(page, server.url)
    if (!project.jobs.running('learn')) startLearning(project, { budget: BUDGET })
    const bytes: number[] = []
    const running: boolean[] = []
    const look = setInterval(() => {
      bytes.push(treeBytes(process.pid, 'smaps_rollup'))
      running.push(project.jobs.running('learn') !== undefined)
    }, SAMPLE_MS)
    const stop = watchEventLoop()
    const times = await pressEnter(page, KEYS)
    const { delays, work } = stop()
    clearInterval(look)
    const share = running.filter(Boolean).length / running.length
    return {
      times,
      delays,
      work,
      bytes,
      share,
      rounds: generationsOf(project).map(described).join(', ') || 'none ended'
    }
  } finally {
    await browser.close()
    await server.close()
  }
}
