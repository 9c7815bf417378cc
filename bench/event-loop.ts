/** How long the shell's event loop is held up while import and recognition run and a window asks for rows and counts. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { join } from 'node:path'
import type { Core } from '../src/core/app'
import { together } from './pipeline'
import { createProject, warmProject } from './project'
import { percentile, type Result } from './report'
import { fillFolder, findImages, openCore, type Setting } from './setting'

const RESOLUTION_MS = 5
const WINDOW_ASKS_MS = 300

export async function measureEventLoop(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const { images } = setting.options
  const { files, note } = findImages(setting)
  const folder = fillFolder(join(setting.scratch, 'event-loop-images'), files, images)
  const core = await openCore(setting)
  try {
    await warmProject(core, setting)
    const answers: number[] = []
    await createProject(core, setting)
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
    const window = setInterval(() => void askAsWindow(core, answers), WINDOW_ASKS_MS)
    delay.enable()
    await together(core, folder)
    delay.disable()
    clearInterval(window)
    // The histogram counts the timer's own interval as well.
    const milliseconds = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
    return {
      notes: [
        `${images} images imported and read while a window asks every ${WINDOW_ASKS_MS} ms.`,
        ...(note ? [note] : [])
      ],
      results: [
        { name: 'longest delay', value: milliseconds(delay.max), unit: 'ms', target: { atMost: 50 } },
        { name: '99.9 % of delays', value: milliseconds(delay.percentile(99.9)), unit: 'ms' },
        { name: 'median delay', value: milliseconds(delay.percentile(50)), unit: 'ms' },
        { name: "window's questions answered, 95 %", value: percentile(answers, 0.95), unit: 'ms' }
      ]
    }
  } finally {
    await core.close()
  }
}

/** What a window asks when it hears that fields have changed: the queue's order, the rows in view, the counts. */
async function askAsWindow(core: Core, answers: number[]): Promise<void> {
  const startedAt = performance.now()
  const reply = await core.call('fields.ids', { filter: { status: 'undecided' }, order: 'confidence' })
  if (!reply.ok) throw new Error(reply.error.message)
  const { ids } = reply.value as { ids: number[] }
  await core.call('fields.rows', { ids: ids.slice(0, 50) })
  await core.call('fields.counts', {})
  answers.push(performance.now() - startedAt)
}
