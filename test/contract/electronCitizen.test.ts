/** What the desktop sees of long work, and what it hands in. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import type { Progress } from '../../src/shared/domain'
import { channels } from '../../src/shared/wire'
import { opened, quit, run, startMain, useFakeElectron } from './electronRun'

useFakeElectron()

const progress = (more: Partial<Progress>): Progress => ({
  runId: 1,
  kind: 'recognise',
  status: 'running',
  done: 1,
  total: 4,
  failed: 0,
  rate: null,
  timeLeft: null,
  message: null,
  ...more
})

async function startWork() {
  const electron = await startMain()
  const window = await opened()
  const { LongWork } = await import('../../src/main/work')
  const { wordsOf } = await import('../../src/main/words')
  const time = { now: 0 }
  const work = new LongWork(
    () => window as never,
    () => wordsOf('en', 'en'),
    () => time.now
  )
  return { electron, window, work, time }
}

it('shows progress on the icon and keeps the machine awake while something runs', async () => {
  const { electron, window, work } = await startWork()
  work.progressed(progress({}))
  expect([window.progress, electron.power.awake, work.summary]).toEqual([
    0.25,
    true,
    'Reading 1 / 4. It goes on when the project is opened again.'
  ])
  work.progressed(progress({ status: 'paused' }))
  expect([window.progress, electron.power.awake, work.summary]).toEqual([-1, false, null])
  work.progressed(progress({ total: null }))
  expect(window.progress).toBeGreaterThan(1)
  work.progressed(progress({ status: 'done' }))
  expect([window.progress, electron.power.awake]).toEqual([-1, false])
  await quit()
})

it('tells first of what would have to be begun again, and of nothing that nobody waits for', async () => {
  const { electron, window, work } = await startWork()
  work.progressed(progress({}))
  work.quickChanged([{ id: 1, kind: 'export', done: 3, total: 6 }])
  expect([window.progress, electron.power.awake, work.summary]).toEqual([
    0.5,
    true,
    'Exporting 3 / 6. It stops here, and is to be begun again.'
  ])
  work.progressed(progress({ status: 'done' }))
  work.quickChanged([{ id: 2, kind: 'figures', done: 3, total: 6 }])
  expect([window.progress, electron.power.awake, work.summary]).toEqual([-1, false, null])
  await quit()
})

it('leaves what learns by itself alone: the machine may sleep, and quitting does not ask', async () => {
  const { electron, window, work } = await startWork()
  work.progressed(progress({ kind: 'learn' }))
  expect([window.progress, electron.power.awake, work.summary]).toEqual([-1, false, null])
})

it('tells of the end of long work behind other windows, and of no other', async () => {
  const { electron, window, work, time } = await startWork()
  work.progressed(progress({}))
  time.now = 1000
  work.progressed(progress({ status: 'done' }))
  work.progressed(progress({ runId: 2 }))
  time.now = 60_000
  work.progressed(progress({ runId: 2, status: 'done', done: 4 }))
  expect(electron.notices).toEqual([{ title: 'Reading', body: 'Done: 4' }])
  window.isFocused = () => true
  work.progressed(progress({ runId: 3 }))
  time.now = 120_000
  work.progressed(progress({ runId: 3, status: 'done' }))
  expect(electron.notices).toHaveLength(1)
  await quit()
})

it('says what still runs before it quits, and quits at once where a signal asks', async () => {
  const electron = await startMain()
  await opened()
  const { askBeforeQuitting } = await import('../../src/main/quit')
  const { wordsOf } = await import('../../src/main/words')
  const stays = vi.fn()
  askBeforeQuitting({ summary: 'Reading 1 / 4' }, () => wordsOf('en', 'en'), stays)
  const asked = { preventDefault: vi.fn() }
  electron.answers.push(0)
  electron.app.emit('before-quit', asked)
  expect(asked.preventDefault).toHaveBeenCalled()
  expect(electron.boxes.at(-1)).toMatchObject({ detail: expect.stringContaining('Reading 1 / 4') })
  await new Promise(setImmediate)
  expect(electron.app.quitAsked).toBe(false)
  expect(stays).toHaveBeenCalledOnce()
  process.emit('SIGTERM')
  const signalled = { preventDefault: vi.fn() }
  electron.app.emit('before-quit', signalled)
  expect(signalled.preventDefault).not.toHaveBeenCalled()
  await quit()
})

it('hands scans that were dropped on its icon to the page, and opens a project itself', async () => {
  const electron = await startMain()
  const window = await opened()
  const scans = join(run.folder, 'scans')
  mkdirSync(scans)
  writeFileSync(join(scans, '1.jpg'), 'a scan')
  electron.app.emit('second-instance', {}, [], run.folder, { paths: [scans] })
  const given = { channel: channels.given, payload: scans }
  await vi.waitFor(() => expect(window.sent).toContainEqual(given))
  const file = { preventDefault: vi.fn() }
  electron.app.emit('open-file', file, join(scans, '1.jpg'))
  expect(file.preventDefault).toHaveBeenCalled()
  await vi.waitFor(() => expect(window.sent).toContainEqual({ channel: channels.given, payload: join(scans, '1.jpg') }))
  await quit()
})
