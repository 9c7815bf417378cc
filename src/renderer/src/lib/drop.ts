/** A browser gives a page what is in dropped files, never where they lie; Nomina reads scans where they lie. */
import { t } from '../i18n'
import { session } from './session.svelte'
import { toast } from './toasts.svelte'

/** Says why what was dropped can't be taken, and leads to what works. */
export function explainDrop({ dataTransfer }: DragEvent): void {
  const name = dataTransfer?.files[0]?.name
  if (!name || session.info?.role !== 'owner') return
  toast('note', t('import:drop.browser', { name }), {
    title: t('import:drop.choose'),
    run: () => session.goHome('new-from-folder')
  })
}
