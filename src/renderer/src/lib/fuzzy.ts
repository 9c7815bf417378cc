/** Whether words that a person types are meant by a title: accents and capitals don't matter, and a slip is forgiven. */

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Lower is nearer; null: it is not meant. @param extra words that mean the same and aren't shown */
export function distance(query: string, title: string, extra = ''): number | null {
  const words = plain(query).split(/\s+/).filter(Boolean)
  const [shown, other] = [plain(title), plain(extra)]
  let sum = 0
  for (const word of words) {
    const found = shown.includes(word) ? 0 : other.includes(word) ? 1 : hasSlip(word, `${shown} ${other}`) ? 2 : null
    if (found === null) return null
    sum += found
  }
  return sum
}

/** One letter left out, added, another, or two that changed places: in words of five letters and more. */
const hasSlip = (word: string, text: string): boolean =>
  word.length >= 5 && text.split(/[^\p{L}\p{N}]+/u).some((part) => isSlip(word, part.slice(0, word.length + 1)))

function isSlip(word: string, part: string): boolean {
  const starts = [part, part.slice(0, word.length), part.slice(0, word.length - 1)]
  return starts.some((start) => {
    let from = 0
    while (from < word.length && word[from] === start[from]) from++
    const [a, b] = [word.slice(from), start.slice(from)]
    const swapped = a.length === b.length && a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2)
    return a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1) || swapped
  })
}
