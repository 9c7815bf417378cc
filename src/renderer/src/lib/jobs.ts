import type { StartedKind } from '../../../shared/job-kinds'
import { t } from '../i18n'
import { call, messageOf } from './api'
import { toast } from './toasts.svelte'

/** Starts a job that needs no more said, and says so. */
export async function startJob(kind: StartedKind): Promise<void> {
  try {
    await call('runs.start', { kind })
    toast('note', t(`jobs:begun.${kind}`))
  } catch (error) {
    toast('failure', messageOf(error))
  }
}
