/** What is dropped on the window or given to the app: a project is opened, anything else is scans to take in. */
import { host } from '../host'
import { t } from '../i18n'
import { call, messageOf } from './api'
import { session } from './session.svelte'
import { toast } from './toasts.svelte'

export async function give(path: string): Promise<void> {
  try {
    const folder = await call('folders.list', { path }).catch(() => null)
    if (folder?.project && folder.path === path) {
      session.setProject(await call('project.open', { path }))
      return
    }
    session.given = path
    session.go(session.project ? 'import' : 'home')
  } catch (error) {
    toast('failure', messageOf(error))
  }
}

export function drop(event: DragEvent): void {
  event.preventDefault() // a browser would leave the page for the file
  const files = [...(event.dataTransfer?.files ?? [])]
  if (files.length === 0 || session.info?.role !== 'owner') return
  if (!host.pathOf) explain(files[0]!.name)
  else if (files.length > 1) toast('note', t('common:drop.one'))
  else void give(host.pathOf(files[0]!))
}

/** A browser gives a page what is in dropped files, never where they lie; Nomina reads scans where they lie. */
function explain(name: string): void {
  toast('note', t('import:drop.browser', { name }), {
    title: t('import:drop.choose'),
    run: () => session.goHome('new-from-folder')
  })
}
