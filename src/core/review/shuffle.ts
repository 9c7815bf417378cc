/** The place of an id in the order of a seed, 0 … 2³² − 1: two ids never share one (murmur3's finaliser is one to one). */
function place(id: number, seed: number): number {
  let hash = (id ^ Math.imul(seed + 1, 0x9e3779b1)) | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** In an order that looks random and depends on nothing but the ids and the seed: a field keeps its place as others go. */
export function shuffle(ids: readonly number[], seed: number): number[] {
  // Place and index share one number of 53 bits, so that a plain numeric sort does it.
  const indexRange = 2 ** 21
  if (ids.length > indexRange) throw new RangeError(`More than ${indexRange} fields cannot be put in random order.`)
  const keys = new Float64Array(ids.length)
  ids.forEach((id, index) => (keys[index] = place(id, seed) * indexRange + index))
  keys.sort()
  return Array.from(keys, (key) => ids[key % indexRange]!)
}
