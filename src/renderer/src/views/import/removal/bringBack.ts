import { t } from '../../../i18n'
import { call } from '../../../lib/api'
import { orToast } from '../../../lib/orToast'
import { toast } from '../../../lib/toasts.svelte'

/** Files that were taken out are in the project again, with their decisions. */
export async function bringBack(removal: number): Promise<void> {
  await orToast(async () => {
    const { files } = await call('removal.bringBack', { removal })
    toast('done', t('import:removal.cameBack', { count: files }))
  })
}
