/** Order of files as people count: "scan 2" before "scan 10". */
import { turn } from '../store/slices'

/**
 * A string whose plain order is the natural order of paths: runs of digits compare as numbers, case and accents last,
 * a folder's content stays together.
 */
export function naturalKey(path: string): string {
  const plain = isAscii.test(path) ? path : path.normalize('NFKD').replace(/\p{M}/gu, '')
  const folded = plain.toLowerCase()
  const numbered = folded.replace(/\d+/g, (digits) => {
    const value = digits.replace(/^0+(?=\d)/, '')
    // The number of digits comes first, and stays within the digits' place among the characters.
    return `0${String.fromCharCode(0x21 + Math.min(value.length, 0x5d))}${value}`
  })
  return numbered.replaceAll('/', '\u0001')
}

const slice = 1000

// eslint-disable-next-line no-control-regex -- all of ASCII
const isAscii = /^[\x00-\x7f]*$/

/** Sorts by the natural order of `pathOf`, a slice at a time so that the event loop is never held for long. */
export async function naturalSort<T>(items: readonly T[], pathOf: (item: T) => string): Promise<T[]> {
  let runs: Keyed<T>[][] = []
  for (let start = 0; start < items.length; start += slice) {
    runs.push(
      items
        .slice(start, start + slice)
        .map((item) => keyed(item, pathOf(item)))
        .sort(compare)
    )
    await turn()
  }
  while (runs.length > 1) {
    const merged: Keyed<T>[][] = []
    for (let index = 0; index < runs.length; index += 2) merged.push(await merge(runs[index]!, runs[index + 1] ?? []))
    runs = merged
  }
  return (runs[0] ?? []).map(({ item }) => item)
}

interface Keyed<T> {
  item: T
  key: string
  path: string
}

const keyed = <T>(item: T, path: string): Keyed<T> => ({ item, key: naturalKey(path), path })

function compare(a: Keyed<unknown>, b: Keyed<unknown>): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0
}

async function merge<T>(left: Keyed<T>[], right: Keyed<T>[]): Promise<Keyed<T>[]> {
  const merged: Keyed<T>[] = []
  let [i, j] = [0, 0]
  while (i < left.length && j < right.length) {
    merged.push(compare(left[i]!, right[j]!) <= 0 ? left[i++]! : right[j++]!)
    if (merged.length % 10_000 === 0) await turn()
  }
  return merged.concat(left.slice(i), right.slice(j))
}
