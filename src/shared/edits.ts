/**
 * Levenshtein distance: the fewest insertions, deletions and substitutions that turn `from` into `to`.
 * @param most more than this is as good as infinity, and soon known
 */
export function editDistance(from: ArrayLike<string>, to: ArrayLike<string>, most = Infinity): number {
  if (Math.abs(from.length - to.length) > most) return Infinity
  let above = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const here = [row]
    let least = row
    for (let column = 1; column <= to.length; column++) {
      const substitution = above[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      const fewest = Math.min(substitution, above[column]! + 1, here[column - 1]! + 1)
      least = Math.min(least, fewest)
      here.push(fewest)
    }
    if (least > most) return Infinity
    above = here
  }
  return above[to.length]!
}
