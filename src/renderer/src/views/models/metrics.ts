/** A manifest's free-form `metrics` as lines to read: one group for each set that was measured on. */
import { locale, t } from '../../i18n'
import { count, perCent, percent } from '../../lib/format'

export interface MetricGroup {
  /** What it was measured on, in words; null for values that name no set. */
  on: string | null
  lines: { title: string; value: string }[]
}

const titles: Record<string, string> = {
  cer: t('models:rates.characters'),
  characterErrorRate: t('models:rates.characters'),
  wer: t('models:rates.words'),
  wordErrorRate: t('models:rates.words'),
  exact: t('models:rates.exact'),
  exactCaseInsensitive: t('models:rates.exactAnyCase'),
  expectedCalibrationError: t('models:rates.calibration'),
  ece: t('models:rates.calibration'),
  error: t('models:rates.calibration'),
  acceptedAt99: t('models:rates.acceptedAt99')
}
/** Sets as manifests name them. */
const sets: Record<string, string> = {
  dev: t('models:sets.dev'),
  devCalibration: t('models:sets.asRead'),
  validation: t('models:sets.validation'),
  test: t('models:sets.test')
}
const sizes = ['fields', 'rows', 'images', 'n']
/** Steps on the way to `devCalibration`, for those who train: the model card has them. */
const steps = ['devDecoder', 'devCascade', 'devList']
const asides = ['errorBefore', 'meanConfidence']

/** `characterErrorRate` → `Character error rate`. */
function words(key: string): string {
  const spaced = key
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

const figures = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4, useGrouping: false })

/** Rates keep a tenth of a per cent: 0.0432 → `4.3 %`. */
const rate = (value: number): string => (value > 0 && value < 0.2 ? perCent(value * 100, 1) : percent(value))

function shown(key: string, value: unknown): string | null {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return null
    if (key in titles) return value >= 0 && value <= 1 ? rate(value) : String(value)
    return Number.isInteger(value) ? count(value) : figures.format(value)
  }
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : null
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function linesOf(record: Record<string, unknown>): MetricGroup['lines'] {
  return Object.entries(record).flatMap(([key, value]) => {
    if (sizes.includes(key) || asides.includes(key)) return []
    const text = shown(key, value)
    return text === null ? [] : [{ title: titles[key] ?? words(key), value: text }]
  })
}

function measuredOn(name: string, record: Record<string, unknown>): string {
  const size = sizes.map((key) => record[key]).find((value) => typeof value === 'number')
  const set = sets[name] ?? words(name)
  return typeof size === 'number' ? t('models:measuredOn', { set, fields: t('common:fields', { count: size }) }) : set
}

export function metricGroups(metrics: Record<string, unknown>): MetricGroup[] {
  const loose = Object.fromEntries(Object.entries(metrics).filter(([, value]) => !isRecord(value)))
  const size = sizes.map((key) => loose[key]).find((value) => typeof value === 'number')
  const groups: MetricGroup[] = [
    { on: typeof size === 'number' ? t('common:fields', { count: size }) : null, lines: linesOf(loose) },
    ...Object.entries(metrics).flatMap(([name, value]) =>
      isRecord(value) && !steps.includes(name) ? [{ on: measuredOn(name, value), lines: linesOf(value) }] : []
    )
  ]
  return groups.filter((group) => group.lines.length > 0)
}

/** A charset in short: `' - A–Z space`. */
export function charsetSummary(charset: string): string {
  const characters = [...charset].filter((c) => c !== ' ').sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!)
  const parts: string[] = []
  for (let i = 0; i < characters.length;) {
    let end = i
    while (isNext(characters[end], characters[end + 1])) end++
    parts.push(end - i >= 2 ? `${characters[i]}–${characters[end]}` : characters.slice(i, end + 1).join(' '))
    i = end + 1
  }
  if (charset.includes(' ')) parts.push(t('models:space'))
  return parts.join(' ')
}

const isNext = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  /[\p{L}\p{N}]/u.test(a) &&
  b.codePointAt(0)! === a.codePointAt(0)! + 1 &&
  /[\p{L}\p{N}]/u.test(b)
