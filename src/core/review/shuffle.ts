/** The place of an id in the order of a seed, 0 … 2³² − 1: two ids never share one (murmur3's finaliser is one to one). */
export function placeIn(seed: number, id: number): number {
  let hash = (id ^ Math.imul(seed + 1, 0x9e3779b1)) | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** The id that has this place: `place` the other way round, each multiplier's inverse modulo 2³² in turn. */
function idAt(place: number, seed: number): number {
  let hash = Math.imul(place ^ (place >>> 16), 0x7ed1b41d)
  hash = Math.imul(hash ^ (hash >>> 13) ^ (hash >>> 26), 0xa5cb9243)
  return (hash ^ (hash >>> 16) ^ Math.imul(seed + 1, 0x9e3779b1)) >>> 0
}

const inOrder = (places: Uint32Array, seed: number): number[] => Array.from(places.sort(), (one) => idAt(one, seed))

/** In an order that looks random and depends on nothing but the ids and the seed: a field keeps its place as others go. */
export const shuffle = (ids: readonly number[], seed: number): number[] =>
  inOrder(
    Uint32Array.from(ids, (id) => placeIn(seed, id)),
    seed
  )

/** The numbers from 1 to `last` as `shuffle` puts them, a share of them at a time, those at `begin` and later. */
export function* shuffledNumbers(last: number, seed: number, share: number, begin = 0): Generator<number[]> {
  const width = Math.max(1, Math.ceil(2 ** 32 * share))
  for (let from = begin; from < 2 ** 32; from += width) {
    const some: number[] = []
    for (let id = 1; id <= last; id++) {
      const at = placeIn(seed, id)
      if (at >= from && at < from + width) some.push(at)
    }
    yield inOrder(Uint32Array.from(some), seed)
  }
}
