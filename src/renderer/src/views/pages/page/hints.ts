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
        { keys: ['Enter'], label: t('pages:hints.review') },
        { keys: ['C'], label: t('pages:hints.corners') },
        { keys: ['PageDown'], label: t('pages:hints.nextPage') },
        { keys: ['+', '-', '0'], label: t('pages:hints.zoom') },
        { keys: ['Escape'], label: t('pages:hints.back') },
        { keys: ['F1'], label: t('pages:hints.keys') }
      ]
