/** What a sheet on the desk can do, on a page as on a template. */
import Maximize from '@lucide/svelte/icons/maximize'
import ZoomIn from '@lucide/svelte/icons/zoom-in'
import ZoomOut from '@lucide/svelte/icons/zoom-out'
import { t } from '../../../i18n'
import type { Spec } from '../../../lib/keymap'

export interface Zoomed {
  zoomBy(steps: number): void
  fitAll(): void
  fitWide(): void
}
type Zoom = Spec<Zoomed>

const zoomIn: Zoom = {
  group: 'view',
  keys: ['+', '='],
  button: t('pages:sheet.zoomIn'),
  icon: ZoomIn,
  run: (sheet) => sheet.zoomBy(1)
}
const zoomOut: Zoom = {
  group: 'view',
  keys: ['-'],
  button: t('pages:sheet.zoomOut'),
  icon: ZoomOut,
  run: (sheet) => sheet.zoomBy(-1)
}
const zoomFit: Zoom = {
  group: 'view',
  keys: ['0'],
  button: t('pages:sheet.fit'),
  icon: Maximize,
  run: (sheet) => sheet.fitAll()
}
const zoomWidth: Zoom = { group: 'view', keys: ['1'], run: (sheet) => sheet.fitWide() }
const pan: Zoom = {
  group: 'view',
  keys: ['Mod+ArrowUp', 'Mod+ArrowDown', 'Mod+ArrowLeft', 'Mod+ArrowRight'],
  native: true
}

export const zoomCommands = { zoomIn, zoomOut, zoomFit, zoomWidth, pan }
