/** A reader that is newer than one of the project's: it takes its place, or waits. */
import { t } from '../i18n'
import { call } from './api'
import { orToast } from './orToast'
import { session } from './session.svelte'
import { toast } from './toasts.svelte'

interface NewerReader {
  id: string
  hash: string
}

/** What is undecided is read again with it; no decision changes. */
export const takeNewer = ({ id, hash }: NewerReader): Promise<boolean> =>
  orToast(async () => {
    session.setProject(await call('models.newer', { hash, take: true }))
    toast('done', t('models:newer.taken', { id }))
  })

/** It is not offered to this project any more, and stays among the readers. */
export const leaveNewer = ({ hash }: NewerReader): Promise<boolean> =>
  orToast(async () => session.setProject(await call('models.newer', { hash, take: false })))
