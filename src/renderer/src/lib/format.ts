/** Numbers, times and names as the interface writes them, in its language. */
import { locale, t } from '../i18n'

/** 10500 → `10,500`. */
export const count = (value: number): string => decimal(value, 0)

/** A number with a fixed number of decimals: 4.26 → `4.3`. */
export const decimal = (value: number, digits: number): string => formatOf(digits).format(value)

/** To make one takes longer than to write a number with it. */
const formats = new Map<number, Intl.NumberFormat>()

function formatOf(digits: number): Intl.NumberFormat {
  const format =
    formats.get(digits) ??
    new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })
  formats.set(digits, format)
  return format
}

const providers: Record<string, string> = {
  cuda: 'CUDA',
  tensorrt: 'TensorRT',
  directml: 'DirectML',
  coreml: 'CoreML',
  webgpu: 'WebGPU',
  cpu: 'CPU'
}

/** An execution provider as its makers write it. */
export const providerName = (name: string): string => providers[name] ?? name

/** A number of per cent: 4.26 → `4.3 %` with one digit. */
export const perCent = (value: number, digits = 0): string => t('common:percent', { value: decimal(value, digits) })

/** A fraction as per cent: 0.62 → `62 %`. Never rounds to 100 what is not 1, nor to 0 what is more. */
export function percent(fraction: number): string {
  const rounded = Math.round(fraction * 100)
  if (rounded === 100 && fraction < 1) return fraction >= 0.999 ? perCent(99.9, 1) : perCent(99)
  if (rounded === 0 && fraction > 0) return t('common:percentLeast')
  return perCent(rounded)
}

/** From here on nobody asks for the minutes. */
const manyMinutes = 10 * 60
/** What is so far away is an estimate, and said to be one. */
export const isLong = (seconds: number): boolean => seconds >= manyMinutes * 60

/** Seconds as a person would say them: `41 min`, `2 h 5 min`, `8 s`, `14 h`, `3 days`. The signs are those of the SI in any language. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  if (minutes >= 48 * 60) return t('common:days', { count: Math.round(minutes / (24 * 60)) })
  if (minutes >= manyMinutes) return `${Math.round(minutes / 60)} h`
  const hours = Math.floor(minutes / 60)
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
}

/** Bytes with a decimal unit: 1536000 → `1.5 MB`. */
export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const
  let power = 0
  while (value >= 1000 && power < units.length - 1) {
    value /= 1000
    power++
  }
  return t(`common:units.${units[power]!}`, { value: decimal(value, power === 0 || value >= 100 ? 0 : 1) })
}

/** An ISO time as `today 09:14`, `yesterday 18:02` or `3 Mar 2026`. */
export function when(iso: string, now = new Date()): string {
  const at = new Date(iso)
  if (Number.isNaN(at.getTime())) return iso
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime()
  const time = at.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })
  if (at.getTime() >= midnight) return t('common:today', { time })
  if (at.getTime() >= midnight - 86_400_000) return t('common:yesterday', { time })
  return at.toLocaleDateString(locale, { day: 'numeric', month: 'short', year: 'numeric' })
}

/** The deepest folder that all of these paths with `/` or `\` are in; of one path, itself. */
export function folderOfAll(paths: readonly string[]): string {
  const [first = '', ...others] = paths
  const isAbove = (folder: string): boolean =>
    others.every((path) => path.startsWith(folder) && /^(|[\\/].*)$/s.test(path.slice(folder.length)))
  let folder = first
  while (folder !== '' && !isAbove(folder)) folder = folder.replace(/[\\/]?[^\\/]*$/, '')
  return folder || (first.startsWith('/') ? '/' : first)
}

/** The last part of a path with `/` or `\`. */
export const baseName = (path: string): string => path.split(/[\\/]/).filter(Boolean).at(-1) ?? path
