/**
 * What the core says most often, in the person's language: it speaks English everywhere (logs, command line), and its
 * sentences are known here by their form. What is not in core.json stays English.
 */
import { language, t } from '.'
import { en } from './en'

type Key = keyof typeof en.core

/** `There is no file {{path}}.` as a pattern with a group for each value. */
function patternOf(text: string): RegExp {
  const parts = text.split(/\{\{(\w+)\}\}/)
  const pattern = parts.map((part, index) =>
    index % 2 === 1 ? `(?<${part}>.+)` : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  )
  return new RegExp(`^${pattern.join('')}$`)
}

const sentences =
  language === 'en' ? [] : (Object.keys(en.core) as Key[]).map((key) => ({ key, pattern: patternOf(en.core[key]) }))

export function fromCore(message: string): string {
  for (const { key, pattern } of sentences) {
    const match = pattern.exec(message)
    if (match) return t(`core:${key}`, { replace: { ...match.groups } })
  }
  return message
}
