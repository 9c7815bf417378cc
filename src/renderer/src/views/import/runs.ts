/** Acts on all runs that are under way at once: to a person, import and reading are one thing. */
import type { Progress } from '../../../../shared/domain'
import { call, messageOf } from '../../lib/api'
import { orToast } from '../../lib/orToast'
import { toast } from '../../lib/toasts.svelte'
import type { ImportState } from './state'

async function each(runs: readonly Progress[], endpoint: 'runs.pause' | 'runs.resume' | 'runs.cancel'): Promise<void> {
  const results = await Promise.allSettled(runs.map(({ runId }) => call(endpoint, { runId })))
  const refused = results.find((result) => result.status === 'rejected')
  if (refused) toast('failure', messageOf(refused.reason))
}

/** What runs waits; where all waits, all goes on. */
export function pauseOrGoOn(active: readonly Progress[]): Promise<void> {
  const running = active.filter(({ status }) => status === 'running')
  return running.length ? each(running, 'runs.pause') : each(active, 'runs.resume')
}

export const cancelAll = (state: ImportState): Promise<void> => each(state.active, 'runs.cancel')

/** Goes on with what was stopped: the import where it was one, else the reading. */
export async function goOn(state: ImportState): Promise<void> {
  const { latest, importing, reading } = state
  for (const before of latest) if (before !== reading && before.status !== 'done') await each([before], 'runs.resume')
  if (reading && reading.status !== 'done' && (!importing || importing.status === 'done')) {
    await each([reading], 'runs.resume')
    return
  }
  if (!importing || importing.status === 'done') await readRest()
}

export async function readRest(): Promise<void> {
  await orToast(() => call('runs.start', { kind: 'recognise' }))
}

/** Tries files again that could not be used; null: all of them. */
export async function retry(sourceIds: number[] | null): Promise<void> {
  await orToast(() => call('import.retry', { sourceIds }))
}
