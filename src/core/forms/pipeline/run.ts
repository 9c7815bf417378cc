/** Registers every page of a project that waits for it, and stores its fields as they come. */
import { messageOf, NominaError } from '../../../shared/failure'
import { orderFields } from '../../ingest/positions'
import { workOff, type Arrivals, type JobControl, type Stage } from '../../jobs'
import type { Database } from '../../store'
import { pageCounts, pendingPages, type StoredPage } from '../../store/pages'
import type { PageOutcome, PagesClient } from '../../../reading/pages/process'
import { usableTemplates } from '../templates'
import { jobOf } from './job'
import { storeOutcome } from './store'

export interface PagesOptions extends Partial<Arrivals> {
  client: PagesClient
}

export interface PagesHooks {
  onPages?(ids: number[]): void
  onFields?(ids: number[]): void
}

export interface PagesResult {
  matched: number
  unmatched: number
  failed: number
}

/** Pages under way: in each process one is decoded while another is registered. */
const inFlight = 4

/**
 * Goes on where it stopped. A page that can't be decoded fails with its reason, and the rest goes on.
 * @throws NominaError of the store, or `engine` where the pages process can't be started; the signal's reason when cancelled
 */
export async function registerPages(
  db: Database,
  { client, moreToCome = () => false, waitForMore = () => Promise.resolve() }: PagesOptions,
  run: JobControl,
  hooks: PagesHooks = {}
): Promise<PagesResult> {
  const result: PagesResult = { matched: 0, unmatched: 0, failed: 0 }
  const taken = new Set<number>()
  await client.setTemplates(usableTemplates(db))

  const report = (): void => {
    const done = result.matched + result.unmatched + result.failed
    const total = done + pageCounts(db).pending
    run.report({ done, total: moreToCome() ? null : total, failed: result.failed, message: 'Finding fields' })
  }
  // They are found in any order; numbers of fields follow the pages' own.
  let last: Promise<unknown> = Promise.resolve()
  const stage: Stage<StoredPage> = {
    atOnce: inFlight,
    next() {
      const page = pendingPages(db, inFlight + taken.size).find(({ id }) => !taken.has(id))
      if (page) taken.add(page.id)
      return page ?? null
    },
    work(page) {
      const found = outcomeOf(db, client, page)
      const stored = Promise.allSettled([last, found]).then(async () => storeFound(page, await found))
      last = stored
      return stored
    }
  }
  const storeFound = (page: StoredPage, outcome: PageOutcome | { reason: string }): void => {
    // Someone waits for the end of this run: what comes late is not stored in a project that is closed.
    run.signal.throwIfAborted()
    const fieldIds = storeOutcome(db, page, outcome)
    taken.delete(page.id)
    if (!fieldIds) return
    result['fields' in outcome ? outcome.status : 'failed']++
    hooks.onFields?.(fieldIds)
    hooks.onPages?.([page.id])
    report()
  }
  report()
  await workOff(stage, run, { moreToCome, waitForMore })
  await orderFields(db)
  return result
}

async function outcomeOf(
  db: Database,
  client: PagesClient,
  page: StoredPage
): Promise<PageOutcome | { reason: string }> {
  try {
    return await client.call('page', await jobOf(db, page))
  } catch (error) {
    // Without the process nothing more can be done; anything else is this page's own.
    if (error instanceof NominaError && ['engine', 'cancelled'].includes(error.code)) throw error
    return { reason: messageOf(error) }
  }
}
