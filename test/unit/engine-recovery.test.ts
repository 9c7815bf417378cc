/** What the client does when the engine process dies, hangs or can't be started: the process is played by the test. */
import { afterEach, describe, expect, it } from 'vitest'
import {
  createEngine,
  type Engine,
  type EngineReply,
  type EngineRequest,
  type SpawnEngine
} from '../../src/reading/engine'
import { barsModel } from '../fixtures/bars'

type Handle = (message: EngineRequest, answer: (reply: EngineReply) => void, die: (reason: string) => void) => void

/** Each process that is started is played by `handle`, told which one it is. */
function play(handle: (process: number) => Handle): { spawn: SpawnEngine; started: () => number } {
  let started = 0
  const spawn: SpawnEngine = () => {
    const react = handle(++started)
    let hear: (message: EngineReply) => void = () => {}
    let exit: (reason: string) => void = () => {}
    let dead = false
    const die = (reason: string): void => {
      if (dead) return
      dead = true
      setImmediate(() => exit(reason))
    }
    return {
      send: (message) => {
        if (message.type === 'stop') return die('it ended with code 0')
        setImmediate(() => !dead && react(message, (reply) => !dead && hear(reply), die))
      },
      onMessage: (listener) => (hear = listener),
      onExit: (listener) => (exit = listener),
      kill: () => die('it was ended by SIGKILL')
    }
  }
  return { spawn, started: () => started }
}

const loaded = (id: number, provider = 'cpu'): EngineReply => ({
  type: 'loaded',
  id,
  provider,
  providers: [{ name: provider, status: 'chosen', reason: '', fieldsPerSecond: 100 }],
  note: null
})
const results = (message: Extract<EngineRequest, { type: 'read' }>): EngineReply => ({
  type: 'results',
  id: message.id,
  inferenceMs: 1,
  results: message.items.map(({ key, path }) => ({
    key,
    ok: true,
    text: path,
    confidence: 1,
    calibrated: false,
    characters: [],
    alternatives: [],
    width: 1,
    height: 1
  }))
})
const items = (count: number) =>
  Array.from({ length: count }, (_, key) => ({ key, path: `text ${key}`, page: 1, rotation: 0 as const }))

let engine: Engine | null = null
afterEach(async () => {
  await engine?.stop()
  engine = null
})

describe('an engine process that fails', () => {
  it('is started again, loaded again, and the batch is tried once more', async () => {
    const { spawn, started } = play((process) => (message, answer, die) => {
      if (message.type === 'load') answer(loaded(message.id))
      else if (message.type === 'read' && process === 1) die('it was ended by SIGSEGV')
      else if (message.type === 'read') answer(results(message))
    })
    engine = createEngine(spawn)
    await engine.load(await barsModel(), null)
    const [one, two] = await Promise.all([engine.read(items(3)), engine.read(items(2))])
    expect(one.every((result) => result.ok)).toBe(true)
    expect(two).toHaveLength(2)
    expect(started()).toBe(2)
  })

  it('fails only the image that takes it down, and reads the others', async () => {
    const { spawn } = play(() => (message, answer, die) => {
      if (message.type === 'load') answer(loaded(message.id))
      if (message.type !== 'read') return
      if (message.items.some(({ key }) => key === 5)) die('it was ended by SIGSEGV')
      else answer(results(message))
    })
    engine = createEngine(spawn)
    await engine.load(await barsModel(), null)
    const read = await engine.read(items(16))
    expect(read.map(({ key }) => key)).toEqual(items(16).map(({ key }) => key))
    expect(read.filter((result) => !result.ok)).toEqual([
      { key: 5, ok: false, reason: 'The engine process ended while reading it: it was ended by SIGSEGV.' }
    ])
  })

  it('is ended where it hangs, and a word from it counts as life', async () => {
    const { spawn, started } = play((process) => (message, answer) => {
      if (message.type === 'load') answer(loaded(message.id))
      if (message.type !== 'read' || process === 1) return
      setTimeout(() => answer({ type: 'alive' }), 60)
      setTimeout(() => answer({ type: 'alive' }), 120)
      setTimeout(() => answer(results(message)), 180)
    })
    engine = createEngine(spawn, { silenceMs: 100 })
    await engine.load(await barsModel(), null)
    expect(await engine.read(items(1))).toMatchObject([{ ok: true }])
    expect(started()).toBe(2)
  })

  it('is given up where nothing is ever read', async () => {
    const { spawn } = play(() => (message, answer, die) => {
      if (message.type === 'load') answer(loaded(message.id))
      if (message.type === 'read') die('it ended with code 7')
    })
    engine = createEngine(spawn)
    await engine.load(await barsModel(), null)
    await expect(engine.read(items(4096))).rejects.toMatchObject({
      code: 'engine',
      message: expect.stringMatching(/again and again: it ended with code 7/)
    })
  })

  it('that dies while it tries a provider is started without that provider', async () => {
    const { spawn } = play(() => (message, answer, die) => {
      if (message.type !== 'load') return
      if (message.excluded.some(({ name }) => name === 'webgpu')) return answer(loaded(message.id))
      answer({ type: 'trying', id: message.id, provider: 'webgpu' })
      die('it was ended by SIGSEGV')
    })
    engine = createEngine(spawn)
    expect(await engine.load(await barsModel(), null)).toMatchObject({ provider: 'cpu' })
  })

  it('is moved to the CPU where its provider keeps taking it down', async () => {
    const { spawn } = play(() => {
      let provider = ''
      return (message, answer, die) => {
        if (message.type === 'load') {
          provider = message.excluded.length ? 'cpu' : 'webgpu'
          answer(loaded(message.id, provider))
        }
        if (message.type !== 'read') return
        if (provider === 'webgpu') die('it was ended by SIGSEGV')
        else answer(results(message))
      }
    })
    engine = createEngine(spawn)
    await engine.load(await barsModel(), null)
    expect((await engine.read(items(64))).every((result) => result.ok)).toBe(true)
    expect(engine.report().provider).toBe('cpu')
  })

  it('that is killed while it starts is started again', async () => {
    const { spawn, started } = play((process) => (message, answer, die) => {
      if (message.type === 'load' && process < 3) die('it was ended by SIGKILL')
      else if (message.type === 'load') answer(loaded(message.id))
    })
    engine = createEngine(spawn)
    expect(await engine.load(await barsModel(), null)).toMatchObject({ provider: 'cpu' })
    expect(started()).toBe(3)
  })

  it('that can’t be started says so', async () => {
    const { spawn } = play(() => (_message, _answer, die) => die('it ended with code 1'))
    engine = createEngine(spawn)
    await expect(engine.load(await barsModel(), null)).rejects.toMatchObject({
      code: 'engine',
      message: 'The engine process can’t be started: it ended with code 1.'
    })
  })
})
