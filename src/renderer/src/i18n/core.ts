/**
 * What the core says, in the person's language. A failure comes with the key of its sentence and its values. Reasons that are stored
 * or told by the way come in English, and are known by their form. What is not in core.json stays English.
 */
import type { Failure } from '../../../shared/contract'
import core from '../../../shared/sentences.json'
import { language, t } from '.'

type Key = keyof typeof core

/** `There is no file {{path}}.` as a pattern with a group for each value. */
function patternOf(text: string): RegExp {
  const parts = text.split(/\{\{(\w+)\}\}/)
  const pattern = parts.map((part, index) =>
    index % 2 === 1 ? `(?<${part}>.+)` : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  )
  return new RegExp(`^${pattern.join('')}$`)
}

const sentences =
  language === 'en' ? [] : (Object.keys(core) as Key[]).map((key) => ({ key, pattern: patternOf(core[key]) }))

export const inWords = ({ message, said }: Failure): string =>
  said && Object.hasOwn(core, said.key) ? t(`core:${said.key}`, { replace: { ...said.values } }) : fromCore(message)

export function fromCore(message: string): string {
  for (const { key, pattern } of sentences) {
    const match = pattern.exec(message)
    if (match) return t(`core:${key}`, { replace: { ...match.groups } })
  }
  return message
}
