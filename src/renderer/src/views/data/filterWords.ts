/** What a chart's filter narrows to, in words: for the list and the queue, whose own controls do not show it. */
import type { Filter } from '../../../../shared/domain'
import { t } from '../../i18n'
import { integer, share } from './numbers'

/** Parts of a filter that the queue's own controls do not show. */
export const chartParts = [
  'field',
  'text',
  'character',
  'minLength',
  'maxLength',
  'origin',
  'imported',
  'minWidth',
  'maxWidth',
  'minHeight',
  'maxHeight',
  'reviewer',
  'decidedFrom',
  'decidedTo',
  'changedSinceExport',
  'reopened',
  'doubtful',
  'suspect',
  'sample',
  'selection'
] as const satisfies readonly (keyof Filter)[]

export const isFromChart = (filter: Filter): boolean => chartParts.some((part) => filter[part] !== undefined)

/** The filter without what a chart set. */
export const withoutChart = (filter: Filter): Filter => ({
  ...filter,
  ...Object.fromEntries(chartParts.map((part) => [part, undefined]))
})

/** `Label MARTIN`, `3 to 5 characters`; empty where no chart set anything. */
export function filterWords(filter: Filter): string[] {
  const words: string[] = []
  const range = (what: 'length' | 'width' | 'height', least: number | undefined, most: number | undefined): void => {
    if (least === undefined && most === undefined) return
    const [from, to] = [integer(least ?? 0), most === undefined ? '…' : integer(most)]
    words.push(from === to ? t(`data:filter.${what}One`, { value: from }) : t(`data:filter.${what}`, { from, to }))
  }
  if (filter.field !== undefined) words.push(t('data:filter.field', { name: filter.field }))
  if (filter.text !== undefined) words.push(t('data:filter.text', { text: filter.text }))
  if (filter.character !== undefined)
    words.push(t('data:filter.character', { character: shownCharacter(filter.character) }))
  range('length', filter.minLength, filter.maxLength)
  if (filter.origin !== undefined) words.push(t(`data:origin.${filter.origin}`))
  if (filter.imported !== undefined) words.push(t(`data:imported.${filter.imported}`))
  range('width', filter.minWidth, filter.maxWidth)
  range('height', filter.minHeight, filter.maxHeight)
  if (filter.reviewer !== undefined) words.push(t('data:filter.reviewer', { name: filter.reviewer }))
  if (filter.decidedFrom !== undefined) words.push(t('data:filter.day', { day: dayOf(filter.decidedFrom) }))
  if (filter.changedSinceExport !== undefined)
    words.push(t('data:filter.changed', { number: filter.changedSinceExport }))
  if (filter.reopened !== undefined) words.push(t('data:filter.reopened'))
  if (filter.doubtful !== undefined) words.push(t('data:filter.doubtful'))
  if (filter.suspect !== undefined) words.push(t('data:filter.suspect', { share: share(filter.suspect, 0) }))
  if (filter.sample !== undefined) words.push(t(`data:filter.${filter.sample}`))
  if (filter.selection !== undefined) words.push(t('data:filter.selection'))
  return words
}

/** The local date of an ISO time, as 2026-01-31. */
function dayOf(iso: string): string {
  const at = new Date(iso)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** A character as it can be seen: spaces have a name, others their code where they show nothing. */
export function shownCharacter(character: string): string {
  if (character === ' ') return t('data:space')
  if (/^[\p{C}\p{Z}\p{M}]+$/u.test(character))
    return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  return character
}
