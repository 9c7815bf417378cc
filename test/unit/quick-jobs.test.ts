import { setTimeout as pause } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { QuickJobs } from '../../src/core/jobs/quick'
import { NominaError } from '../../src/shared/failure'

/** Goes on until it is stopped. */
const endless = ({ signal }: { signal: AbortSignal }) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))

it('the same question is asked once at a time, another one beside it', async () => {
  const jobs = new QuickJobs(() => {})
  const work = vi.fn(async () => {
    await pause(5)
    return {}
  })
  const [one, same, other] = [1, 1, 2].map((question) => jobs.run('figures', question, work))
  expect(work).toHaveBeenCalledTimes(2)
  expect(await one).toBe(await same)
  expect(await one).not.toBe(await other)
  expect(jobs.all).toEqual([])
  await jobs.run('figures', 1, work)
  expect(work).toHaveBeenCalledTimes(3)
})

it('whoever listens hears of the beginning, of how far it is, and of the end, also of one that failed', async () => {
  const heard: unknown[] = []
  const jobs = new QuickJobs((all) => heard.push(all))
  const failed = jobs.run('export', null, async ({ onProgress }) => {
    await pause(1)
    for (let done = 1; done <= 1000; done++) onProgress(done, 1000)
    await pause(200)
    throw new Error('The disk is gone.')
  })
  await expect(failed).rejects.toThrow('The disk is gone.')
  expect(heard).toEqual([
    [{ id: 1, kind: 'export', done: 0, total: null }],
    [{ id: 1, kind: 'export', done: 1000, total: 1000 }],
    []
  ])
})

it('one is cancelled by its number, the others go on', async () => {
  const jobs = new QuickJobs(() => {})
  const [one, other] = [jobs.run('export', 1, endless), jobs.run('export', 2, endless)]
  jobs.cancel(jobs.all[0]!.id)
  await expect(one).rejects.toMatchObject({ code: 'cancelled' })
  expect(jobs.all).toHaveLength(1)
  jobs.cancel(99)
  await Promise.all([expect(other).rejects.toThrow('closed'), jobs.end(new Error('closed'))])
})

it('after the end nothing begins any more', async () => {
  const jobs = new QuickJobs(() => {})
  const reason = new NominaError('no-project', 'The project was closed.')
  await jobs.end(reason)
  const work = vi.fn(endless)
  await expect(jobs.run('relink', null, work)).rejects.toBe(reason)
  expect(work).not.toHaveBeenCalled()
})
