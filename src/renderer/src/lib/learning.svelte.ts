/** What the open project learns, as far as every view hears of it, and what can be done about it from anywhere. */
import type { Input } from '../../../shared/contract'
import type { Generation } from '../../../shared/contract/learning'
import { t } from '../i18n'
import { call, on } from './api'
import { orToast } from './orToast'
import { session } from './session.svelte'
import { toast } from './toasts.svelte'

/** The generation that was taken last while this window was open; null: none, or it was seen. */
export const learnt = $state<{ arrived: Generation | null }>({ arrived: null })

on('learning.changed', ({ arrived }) => {
  if (arrived) learnt.arrived = arrived
})
session.onAnotherProject(() => (learnt.arrived = null))

/** Reads with another generation from now on, and says so. */
export async function useGeneration(
  generation: Input<'learning.use'>['generation'],
  reader?: string | undefined
): Promise<void> {
  await orToast(async () => {
    const state = await call('learning.use', { generation, reader })
    const { inUse } = state.others.find((other) => other.reader === reader) ?? state
    learnt.arrived = null
    toast('done', inUse === null ? t('learning:usedInstalled') : t('learning:used', { number: inUse }))
  })
}
