/** What a generation's figures say in words. */
import type { Generation } from '../../../../shared/contract/learning'
import { t } from '../../i18n'
import { decimal } from '../../lib/format'

/** Of 100 characters: 0.2204 → `22.0`. */
export const wrong = (share: number, digits = 1): string => decimal(share * 100, digits)

/** Before and after, as short as they differ. */
export function wrongBoth({ judges: { before, after } }: Generation): { before: string; after: string } {
  const digits = Math.min(before.cer, after.cer) >= 0.1 && before.cer - after.cer >= 0.01 ? 0 : 1
  return { before: wrong(before.cer, digits), after: wrong(after.cer, digits) }
}

/** One line for one that was taken. */
export const arrivedWords = (generation: Generation): string => {
  const names = t('learning:names', { count: generation.trainedOn })
  return generation.reason === 'likelier'
    ? t('learning:line.likelier', { names })
    : t('learning:line.words', { names, ...wrongBoth(generation) })
}

/** What the judges' interval says of the difference. */
export function differenceWords({ judges }: Generation): string {
  const [low, high] = judges.difference.cer
  return high < 0
    ? t('learning:list.better', { low: wrong(-high), high: wrong(-low) })
    : t('learning:list.unsure', { low: wrong(low), high: wrong(high) })
}

/** Fields shown for what it learnt. */
const SHOWN = 6

export function examplesOf({ learnt }: Generation): Generation['learnt'][number]['examples'] {
  const byField = new Map(learnt.flatMap(({ examples }) => examples).map((one) => [one.field.id, one]))
  return [...byField.values()].slice(0, SHOWN)
}

const reasons = ['better', 'likelier', 'likely', 'not-better', 'too-few'] as const

export function whyWords({ taken, reason }: Generation): string {
  const known = reasons.find((one) => one === reason) ?? (taken ? 'better' : 'not-better')
  return t(`learning:list.why.${known}`)
}

const phases = ['measure', 'decode', 'choose', 'judge', 'write'] as const

/** What a round does just now. */
export function phaseWords({
  message,
  done,
  total
}: {
  message: string | null
  done: number
  total: number | null
}): string {
  if (message === 'train')
    return total === null ? t('learning:round.phase.trainSome') : t('learning:round.phase.train', { done, total })
  const known = phases.find((phase) => phase === message)
  return known ? t(`learning:round.phase.${known}`) : t('learning:round.starts')
}

const drops = [
  'no-text',
  'decided-two-ways',
  'the-same-picture',
  'a-judges-picture',
  'broken-image',
  'longer-than-its-frames',
  'a-control-character',
  'several-lines'
] as const

/** `3 without a text, 1 several lines`; reasons that are not known stand as they are. */
export const droppedWords = ({ dropped }: Generation): string =>
  Object.entries(dropped)
    .map(([reason, count]) => {
      const known = drops.find((one) => one === reason)
      return `${count} ${known ? t(`learning:list.dropped.${known}`) : reason}`
    })
    .join(', ')
