import { t } from '../../../i18n'
import { call, messageOf } from '../../../lib/api'
import { toast } from '../../../lib/toasts.svelte'

/** Files that were taken out are in the project again, with their decisions. */
export async function bringBack(removal: number): Promise<void> {
  try {
    const { files } = await call('removal.bringBack', { removal })
    toast('done', t('import:removal.cameBack', { count: files }))
  } catch (error) {
    toast('failure', messageOf(error))
  }
}
