import pMap from 'p-map'
import type { Arrivals } from './jobs'
import type { JobControl } from './job'

/** Work that waits in the store and is done piece by piece, while earlier stages may still add to it. */
export interface Stage<Item> {
  /** The next piece that waits and that nobody works on; null: none just now. `last`: no more is to come. */
  next(last: boolean): Item | null | Promise<Item | null>
  /** Pieces under way at a time. */
  atOnce: number
  /** Does one and stores it. */
  work(item: Item): Promise<void>
}

/**
 * Works off what waits, awake as long as something does or an earlier stage runs. Resolves when nothing is left.
 * @throws what a piece failed with, or the job's reason to stop; no piece is under way any more then
 */
export async function workOff<Item>(stage: Stage<Item>, job: JobControl, arrivals: Arrivals): Promise<void> {
  const underWay = new Set<Promise<void>>()
  const stopped = aborted(job.signal)
  async function* waiting(): AsyncGenerator<Item> {
    for (;;) {
      await job.whenNotPaused()
      job.signal.throwIfAborted()
      // Asked before looking: what comes in between is found by the next look.
      const more = arrivals.moreToCome()
      const item = await stage.next(!more)
      if (item !== null) yield item
      else if (more) await Promise.race([arrivals.waitForMore(), stopped, ...underWay])
      else if (underWay.size) await Promise.race(underWay)
      else return
    }
  }
  const begin = (item: Item): Promise<void> => {
    const piece = stage.work(item)
    const settled = piece.catch(() => undefined).finally(() => underWay.delete(settled))
    underWay.add(settled)
    return piece
  }
  try {
    await pMap(waiting(), begin, { concurrency: stage.atOnce })
  } finally {
    await Promise.all(underWay)
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
