/** How long the shell's event loop is held up while import and recognition run and a window asks for rows and counts. */
import { join } from 'node:path'
import type { WindowSession } from '../src/core'
import { together } from './pipeline'
import { createProject, warmProject } from './project'
import { percentile, type Result } from './report'
import { fillFolder, findImages, openCore, type Setting } from './setting'

const TICK_MS = 5
const WINDOW_ASKS_MS = 300

export async function measureEventLoop(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const { images } = setting.options
  const { files, note } = findImages(setting)
  const folder = fillFolder(join(setting.scratch, 'event-loop-images'), files, images)
  const core = await openCore(setting)
  try {
    await warmProject(core, setting)
    const answers: number[] = []
    const project = await createProject(core, setting)
    const page = core.window()
    await page.open(project.path)
    const window = setInterval(() => void askAsWindow(page, answers), WINDOW_ASKS_MS)
    const stop = watchEventLoop()
    await together(project, folder)
    const { delays, work } = stop()
    clearInterval(window)
    return {
      notes: [
        `${images} images imported and read while a window asks every ${WINDOW_ASKS_MS} ms.`,
        'A delay holds what the system gave to other processes; own work is the processor time of this thread alone.',
        ...(note ? [note] : [])
      ],
      results: [
        { name: 'longest delay', value: Math.max(...delays), unit: 'ms', target: { atMost: 50 } },
        { name: '99.9 % of delays', value: percentile(delays, 0.999), unit: 'ms' },
        { name: 'median delay', value: percentile(delays, 0.5), unit: 'ms' },
        { name: 'longest own work at a stretch', value: Math.max(...work), unit: 'ms', target: { atMost: 50 } },
        { name: "window's questions answered, 95 %", value: percentile(answers, 0.95), unit: 'ms' }
      ]
    }
  } finally {
    await core.close()
  }
}

/** Looks every few milliseconds how late it is, and how much this thread has computed since the last look. */
export function watchEventLoop(): () => { delays: number[]; work: number[] } {
  const delays: number[] = []
  const work: number[] = []
  let lookedAt = performance.now()
  let computed = process.threadCpuUsage()
  const timer = setInterval(() => {
    const now = performance.now()
    const { user, system } = process.threadCpuUsage(computed)
    computed = process.threadCpuUsage()
    delays.push(Math.max(0, now - lookedAt - TICK_MS))
    work.push((user + system) / 1000)
    lookedAt = now
  }, TICK_MS)
  return () => {
    clearInterval(timer)
    return { delays, work }
  }
}

/** What a window asks when it hears that fields have changed: the queue's order, the rows in view, the counts. */
async function askAsWindow(page: WindowSession, answers: number[]): Promise<void> {
  const startedAt = performance.now()
  const reply = await page.call('fields.ids', { filter: { status: 'undecided' }, order: 'confidence' })
  if (!reply.ok) throw new Error(reply.error.message)
  const { ids } = reply.value as { ids: number[] }
  await page.call('fields.rows', { ids: ids.slice(0, 50) })
  await page.call('project.info', {})
  answers.push(performance.now() - startedAt)
}
