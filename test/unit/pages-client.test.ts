import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createPagesClient, type PagesReply, type PagesRequest, type SpawnPages } from '../../src/reading/pages/process'

type Reaction = (request: PagesRequest, reply: (answer: PagesReply) => void, die: (reason?: string) => void) => void

/** Processes that do what `react` says; `started` counts them. */
function processes(
  react: Reaction,
  worked?: () => number
): { spawn: SpawnPages; started: () => number; killed: () => number } {
  let started = 0
  let killed = 0
  const spawn: SpawnPages = () => {
    started++
    let hear = (_reply: PagesReply): void => {}
    let exit = (_reason: string): void => {}
    return {
      send: (request) =>
        void setImmediate(() => react(request, hear, (reason = 'it ended with code 1') => exit(reason))),
      onMessage: (listener) => void (hear = listener),
      onExit: (listener) => void (exit = listener),
      kill: () => void killed++,
      ...(worked ? { worked } : {})
    }
  }
  return { spawn, started: () => started, killed: () => killed }
}
const opened = (id: number): PagesReply => ({ id, ok: true, value: { format: 'pdf', pages: 1, note: null } })

describe('the pages process', () => {
  it('fails what it dies of twice, and goes on with the rest', async () => {
    const { spawn, started } = processes(({ id, input }, reply, die) =>
      (input as { path: string }).path === 'bad.pdf' ? die() : reply(opened(id))
    )
    const client = createPagesClient(spawn, { processes: 1 })
    const [bad, good] = await Promise.allSettled([
      client.call('open', { path: 'bad.pdf' }),
      client.call('open', { path: 'good.pdf' })
    ])
    expect(bad).toMatchObject({
      status: 'rejected',
      reason: { code: 'unreadable', message: expect.stringMatching(/twice/) }
    })
    expect(good).toMatchObject({ status: 'fulfilled', value: { pages: 1 } })
    expect(started()).toBeGreaterThanOrEqual(2)
    await client.stop()
  })

  it('does not hold kills from outside against what was being worked on', async () => {
    let kills = 0
    const { spawn } = processes(({ id }, reply, die) =>
      kills++ < 3 ? die('it was ended by SIGKILL') : reply(opened(id))
    )
    const client = createPagesClient(spawn, { processes: 1 })
    const both = await Promise.all(['one.pdf', 'two.pdf'].map((path) => client.call('open', { path })))
    expect(both).toMatchObject([{ pages: 1 }, { pages: 1 }])
    await client.stop()
  })

  it('is there before it is asked where somebody warms it up, knows the templates, and rests like any other', async () => {
    const asked: string[] = []
    const { spawn, started, killed } = processes(({ id, name }, reply) => {
      asked.push(name)
      reply(opened(id))
    })
    const client = createPagesClient(spawn, { processes: 1, idleMs: 20 })
    client.warmUp()
    client.warmUp()
    expect(started()).toBe(1)
    await client.call('open', { path: 'a.pdf' })
    expect([started(), asked]).toEqual([1, ['open']])
    await vi.waitFor(() => expect(killed()).toBe(1))
    await client.setTemplates([{ id: 1, fields: [], image: new Uint8Array(1) } as never])
    client.warmUp()
    await vi.waitFor(() => expect(asked).toEqual(['open', 'templates']))
    await vi.waitFor(() => expect(killed()).toBe(2))
    client.warmUp()
    await client.stop()
    expect(() => client.warmUp()).not.toThrow()
    expect([started(), killed()]).toEqual([3, 3])
  })

  it('rests a minute after its last answer and not after an earlier one, however many came at once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const asked: number[] = []
    const { spawn, started, killed } = processes(({ id, input }, reply) => {
      asked.push(id)
      if ((input as { path: string }).path !== 'first.pdf') for (const one of asked.splice(0)) reply(opened(one))
    })
    const client = createPagesClient(spawn, { processes: 1, idleMs: 60_000 })
    await Promise.all(['first.pdf', 'second.pdf'].map((path) => client.call('open', { path })))
    vi.advanceTimersByTime(40_000)
    await client.call('open', { path: 'third.pdf' })
    vi.advanceTimersByTime(59_000)
    expect(killed()).toBe(0)
    vi.advanceTimersByTime(2000)
    expect([started(), killed()]).toEqual([1, 1])
    await client.stop()
  })

  it('does not hold against one what another ends it by', async () => {
    const { spawn } = processes(({ id, input }, reply, die) =>
      (input as { path: string }).path === 'bad.pdf' ? die() : setTimeout(() => reply(opened(id)), 10)
    )
    const client = createPagesClient(spawn, { processes: 1 })
    const paths = ['good.pdf', 'bad.pdf', 'better.pdf']
    const all = await Promise.allSettled(paths.map((path) => client.call('open', { path })))
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    await client.stop()
  })

  it('ends one that hangs, and tells the next of the templates again', async () => {
    const asked: string[] = []
    let hang = true
    const { spawn, killed } = processes(({ id, name }, reply) => {
      asked.push(name)
      if (name === 'templates') reply({ id, ok: true, value: {} })
      else if (hang) hang = false
      else reply(opened(id))
    })
    const client = createPagesClient(spawn, { patienceMs: 20, processes: 1 })
    await client.setTemplates([{ id: 1, name: 'Form', image: new Uint8Array(), fields: [] }])
    expect(await client.call('open', { path: 'slow.pdf' })).toMatchObject({ pages: 1 })
    expect(killed()).toBe(1)
    expect(asked).toEqual(['templates', 'open', 'templates', 'open'])
    await client.stop()
  })

  it('waits for one that others leave little of the machine, and not for one that does nothing or too much', async () => {
    const patienceMs = 40
    const tried = async (share: number, ms: number): Promise<[string, number]> => {
      const from = performance.now()
      const worked = () => ((performance.now() - from) / 1000) * share
      const { spawn, killed } = processes(({ id }, reply) => setTimeout(() => reply(opened(id)), ms), worked)
      const client = createPagesClient(spawn, { patienceMs, processes: 1 })
      const [ended] = await Promise.allSettled([client.call('open', { path: 'page.pdf' })])
      const deaths = killed()
      await client.stop()
      return [ended.status, deaths]
    }
    expect(await tried(0.1, 3 * patienceMs)).toEqual(['fulfilled', 0])
    expect(await tried(0, 3 * patienceMs)).toEqual(['rejected', 2])
    expect(await tried(0.9, 3 * patienceMs)).toEqual(['rejected', 2])
    expect(await tried(0.1, 1000 * patienceMs)).toEqual(['rejected', 2])
  })

  it('says what the process says of a file', async () => {
    const { spawn } = processes(({ id }, reply) => reply({ id, ok: false, code: 'unreadable', reason: 'Protected.' }))
    const client = createPagesClient(spawn, { processes: 1 })
    await expect(client.call('open', { path: 'locked.pdf' })).rejects.toMatchObject({
      code: 'unreadable',
      message: 'Protected.'
    })
    await client.stop()
    await expect(client.call('open', { path: 'locked.pdf' })).rejects.toMatchObject({ code: 'cancelled' })
  })
})
