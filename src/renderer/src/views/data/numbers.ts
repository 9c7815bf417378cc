/** Figures as the Data view writes them, in the interface's language. */
import type { Interval } from '../../../../shared/contract/quality'
import { locale, t } from '../../i18n'

const format = (value: number, digits: number): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)

export const integer = (value: number): string => format(value, 0)
export const decimal = (value: number, digits = 1): string => format(value, digits)

/** A fraction as per cent, 0.9951 → `99.5 %`; never 100 for what is less, nor 0 for what is more. */
export function share(fraction: number, digits = 1): string {
  const step = 10 ** -digits
  const value = fraction * 100
  if (value < 100 && value > 100 - step / 2) return `${format(100 - step, digits)}\u00a0%`
  if (value > 0 && value < step / 2) return `< ${format(step, digits)}\u00a0%`
  return `${format(value, digits)}\u00a0%`
}

/** `99.2 % (98.1 % to 99.7 %)`; more decimals only where the interval is narrow enough to deserve them. */
export function shareInterval({ value, low, high }: Interval): string {
  const digits = high - low > 0.2 ? 0 : high - low > 0.01 ? 1 : 2
  return t('data:interval', { value: share(value, digits), low: share(low, digits), high: share(high, digits) })
}

/** Of numbers of fields: `12 (4 to 31)`; outwards to whole ones. */
export const countInterval = ({ value, low, high }: Interval): string =>
  t('data:interval', { value: integer(value), low: integer(Math.floor(low)), high: integer(Math.ceil(high)) })

/** A difference in points of per cent with its sign: 0.021 → `+2.1`. */
export const points = (fraction: number): string => `${fraction > 0 ? '+' : ''}${decimal(fraction * 100)}`
