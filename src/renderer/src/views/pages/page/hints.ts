import { t } from '../../../i18n'
import type { Hint } from '../../../lib/frame.svelte'

/** The keys in the foot: of a page, or of corners that are being set. */
export const pageHints = (laying: boolean): Hint[] =>
  laying
    ? [
        { keys: ['Tab'], label: t('pages:hints.corner') },
        { keys: ['ArrowUp', 'ArrowDown'], label: t('pages:hints.move') },
        { keys: ['Enter'], label: t('pages:hints.save') },
        { keys: ['Escape'], label: t('pages:hints.back') }
      ]
    : [
        { keys: ['ArrowUp', 'ArrowDown'], label: t('pages:hints.field') },
        { of: ['page.open'], label: t('pages:hints.review') },
        { of: ['page.corners'], label: t('pages:hints.corners') },
        { of: ['page.next'], label: t('pages:hints.nextPage') },
        { of: ['page.zoomIn', 'page.zoomOut', 'page.zoomFit'], label: t('pages:hints.zoom') },
        { of: ['page.back'], label: t('pages:hints.back') },
        { of: ['app.keys'], label: t('pages:hints.keys') }
      ]
