/** How pages and kinds are called, and with which shape. */
import Ban from '@lucide/svelte/icons/ban'
import CircleAlert from '@lucide/svelte/icons/circle-alert'
import CircleCheck from '@lucide/svelte/icons/circle-check'
import CircleDashed from '@lucide/svelte/icons/circle-dashed'
import CircleHelp from '@lucide/svelte/icons/circle-question-mark'
import OctagonX from '@lucide/svelte/icons/octagon-x'
import { fieldKinds, type FieldKind, type PageRow } from '../../../../shared/forms'
import { t } from '../../i18n'
import { percent } from '../../lib/format'

/** A matched page under this is worth a look, though it was accepted. */
export const lowScore = 0.9

export interface PageState {
  icon: typeof Ban
  /** Class of the colour: done, doubt, failed, or quiet. */
  tone: 'ok' | 'doubt' | 'bad' | 'quiet'
  word: string
  /** Of a registration that was not made by hand, as per cent. */
  score?: string
}

/** The state of a page in a word, a shape and a colour. */
export function stateOf(page: PageRow): PageState {
  switch (page.status) {
    case 'matched': {
      if (page.byHand) return { icon: CircleCheck, tone: 'ok', word: t('pages:status.byHand') }
      const low = page.score !== null && page.score <= lowScore
      const score = page.score === null ? undefined : percent(page.score)
      return low
        ? { icon: CircleAlert, tone: 'doubt', word: t('pages:status.low'), score }
        : { icon: CircleCheck, tone: 'ok', word: t('pages:status.matched'), score }
    }
    case 'unmatched':
      return { icon: CircleHelp, tone: 'doubt', word: t('pages:status.unmatched') }
    case 'failed':
      return { icon: OctagonX, tone: 'bad', word: t('pages:status.failed') }
    case 'discarded':
      return { icon: Ban, tone: 'quiet', word: t('pages:status.discarded') }
    default:
      return { icon: CircleDashed, tone: 'quiet', word: t('pages:status.pending') }
  }
}

export const kindWord = (kind: FieldKind): string => t(`pages:editor.kinds.${kind}`)
export const kindChoices = fieldKinds.map((value) => ({ value, title: kindWord(value) }))
