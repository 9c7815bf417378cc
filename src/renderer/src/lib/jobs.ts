import type { QuickJob } from '../../../shared/contract/jobs'
import type { Progress } from '../../../shared/domain'
import type { QuickKind, StartedKind } from '../../../shared/job-kinds'
import { t } from '../i18n'
import { call } from './api'
import { orToast } from './orToast'
import { count } from './format'
import { session } from './session.svelte'
import { toast } from './toasts.svelte'

/** Starts a job that needs no more said, and says so. */
export async function startJob(kind: StartedKind): Promise<void> {
  await orToast(async () => {
    await call('runs.start', { kind })
    toast('note', t(`jobs:begun.${kind}`))
  })
}

/** What a job does and how far it is. */
export function jobWords({ kind, done, total, ...job }: Progress | QuickJob): string {
  const what = 'status' in job && job.status === 'paused' ? t('common:job.paused') : t(`jobs:doing.${kind}`)
  if (total !== null) return t('common:job.doneOf', { what, done: count(done), total: count(total) })
  return done > 0 ? t('common:job.soFar', { what, done: count(done) }) : what
}

/** Stops one without a record; where none is under way there is nothing to do. */
export async function cancelQuick(kind: QuickKind): Promise<void> {
  const job = session.quickOf(kind)
  if (job) await call('runs.cancelQuick', { id: job.id }).catch(() => {}) // it was over
}
