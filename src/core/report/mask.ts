/** Names that a stranger may see: of each only the letters that were put right, or the first. */

/** More letters than this could be a name. */
const most = 3
const dot = '•'

/** Where two texts differ, in characters of the first; null where they do not, or in too much of it. */
export function differingPart(text: string, other: string): { from: number; to: number } | null {
  const [one, two] = [[...text], [...other]]
  if (text === other) return null
  let from = 0
  while (from < Math.min(one.length, two.length) && one[from] === two[from]) from++
  let end = 0
  while (end < Math.min(one.length, two.length) - from && one.at(-1 - end) === two.at(-1 - end)) end++
  const to = one.length - end
  return to - from > most || two.length - end - from > most ? null : { from, to }
}

export function maskedPair(before: string, after: string): { before: string; after: string } {
  return { before: masked(before, after), after: masked(after, before) }
}

function masked(text: string, other: string): string {
  const part = differingPart(text, other)
  const isShown = (index: number): boolean =>
    part ? index >= part.from && index < part.to : index === 0 && text === other
  return [...text].map((character, index) => (isShown(index) || character === ' ' ? character : dot)).join('')
}
