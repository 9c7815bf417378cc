/** A project of 100,000 made-up fields: opening it, every filter and order, counts, deciding on one field after another and on many at once. */
import { join } from 'node:path'
import type { WindowSession } from '../src/core'
import { closeStore } from '../src/core/store'
import type { EndpointName, Input, Output } from '../src/shared/contract'
import type { Filter, Order } from '../src/shared/domain'
import { watchEventLoop } from './event-loop'
import { madeProject } from './project'
import { percentile, type Result } from './report'
import { openCore, type Setting } from './setting'

const ORDERS: Order[] = ['confidence', 'differs', 'file', 'random']
const FILTERS: [string, Filter][] = [
  ['all', {}],
  ['undecided', { status: 'undecided' }],
  ['decided', { status: 'decided' }],
  ['blank', { status: 'blank' }],
  ['failed', { status: 'failed' }],
  ['differs', { differs: true }],
  ['confidence', { minConfidence: 0.2, maxConfidence: 0.6 }],
  ['search', { search: 'costa' }],
  ['search, rare', { search: 'name-0499' }],
  ['search, what all say', { search: 'name-' }],
  ['search, two letters', { search: 'hu' }],
  ['search, a letter', { search: 'h' }],
  ['undecided + differs + search', { status: 'undecided', differs: true, search: 'costa' }],
  ['imported labels', { origin: 'imported' }],
  ['blank labels imported', { imported: 'blank' }],
  ['a text', { text: 'ANNA COSTA' }],
  ['a character', { character: 'Ø' }],
  ['long labels', { minLength: 14 }],
  ['wide crops', { minWidth: 400 }],
  ['a reviewer', { reviewer: 'Ada' }]
]
const DECISIONS = 400
/** Ids that the review asks for at a time. */
const WINDOW = 1000
const BULK = 10_000

export async function measureStore(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const { rows } = setting.options
  const project = join(setting.scratch, 'store')
  closeStore(madeProject(setting, 'store', { fields: rows, decided: 0.3 }))
  const core = await openCore(setting)
  const page = core.window()
  try {
    const opened = await timed(() => ask(page, 'project.open', { path: project }))
    const queues = await timeQueues(page)
    const counted = await timeOften(20, () => ask(page, 'project.info', {}))
    const decided = await timeDecisions(page)
    const bulk = await timeBulk(page)
    const slowest = queues.toSorted((a, b) => b.own - a.own).slice(0, 8)
    return {
      notes: [
        `${rows.toLocaleString('en-GB')} fields, a third decided; calls as a window makes them; own work is the processor time of this thread alone.`,
        `${queues.length} combinations of filter, order and direction; most own work: ${slowest.map(({ name, own }) => `${name} ${own.toFixed(0)} ms`).join('; ')}.`
      ],
      results: [
        { name: 'opening the project', value: opened, unit: 'ms', target: { atMost: 2000 } },
        ...spread(
          `filter and order`,
          queues.map(({ ms }) => ms),
          { atMost: 100 }
        ),
        ...spread(
          'filter and order, own work',
          queues.map(({ own }) => own),
          { atMost: 100 }
        ),
        ...spread('counts', counted),
        ...spread('decide, then the next row', decided, { atMost: 50 }),
        ...bulk
      ]
    }
  } finally {
    await core.close()
  }
}

const spread = (name: string, values: number[], target?: Result['target']): Result[] => [
  { name: `${name}, 50 %`, value: percentile(values, 0.5), unit: 'ms' },
  { name: `${name}, 95 %`, value: percentile(values, 0.95), unit: 'ms' },
  { name: `${name}, slowest`, value: Math.max(...values), unit: 'ms', ...(target ? { target } : {}) }
]

async function timeQueues(page: WindowSession): Promise<{ name: string; ms: number; own: number }[]> {
  const times: { name: string; ms: number; own: number }[] = []
  for (const [filterName, filter] of FILTERS) {
    for (const order of ORDERS) {
      for (const descending of order === 'random' ? [false] : [false, true]) {
        const input = { filter, order, descending, seed: 1, atMost: WINDOW }
        const before = process.threadCpuUsage()
        const ms = await timed(() => ask(page, 'fields.ids', input))
        const { user, system } = process.threadCpuUsage(before)
        times.push({
          name: `${filterName}, by ${order}${descending ? ', descending' : ''}`,
          ms,
          own: (user + system) / 1000
        })
      }
    }
  }
  return times
}

/** As Enter does it: the decision is on the disk, and the next row is at hand. */
async function timeDecisions(page: WindowSession): Promise<number[]> {
  const { ids } = await ask(page, 'fields.ids', { filter: { status: 'undecided' }, order: 'confidence' })
  const times: number[] = []
  for (let index = 0; index < Math.min(DECISIONS, ids.length - 1); index++) {
    times.push(
      await timed(async () => {
        await ask(page, 'review.decide', { ids: [ids[index]!], kind: 'corrected', text: 'ELIF HOLM' })
        await ask(page, 'fields.rows', { ids: [ids[index + 1]!] })
      })
    )
  }
  return times
}

/** Acts on many fields at once: how long they take, and for how long at a stretch nobody else is answered. */
async function timeBulk(page: WindowSession): Promise<Result[]> {
  const { ids } = await ask(page, 'fields.ids', { filter: { status: 'undecided' }, order: 'file', atMost: BULK })
  const results: Result[] = []
  const act = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const stop = watchEventLoop()
    const ms = await timed(work)
    const { delays, work: own } = stop()
    results.push(
      { name, value: ms, unit: 'ms' },
      { name: `${name}: longest delay`, value: Math.max(...delays), unit: 'ms', target: { atMost: 50 } },
      { name: `${name}: longest own work at a stretch`, value: Math.max(...own), unit: 'ms', target: { atMost: 50 } }
    )
  }
  await act(`deciding on ${ids.length} in one act`, () =>
    ask(page, 'review.decide', { ids, kind: 'corrected', text: 'MARRI' })
  )
  await act('undoing it', () => ask(page, 'review.undo', {}))
  return results
}

export async function ask<N extends EndpointName>(page: WindowSession, name: N, input: Input<N>): Promise<Output<N>> {
  const reply = await page.call(name, input)
  if (!reply.ok) throw new Error(`${name}: ${reply.error.message}`)
  return reply.value as Output<N>
}

/** Milliseconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

async function timeOften(times: number, work: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = []
  for (let index = 0; index < times; index++) taken.push(await timed(work))
  return taken
}
