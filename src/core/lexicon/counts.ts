/** How often a name occurs, as tables write numbers: with separated thousands, in the way of the column. */

const spaces = /[\s'’]/g
const grouped = /^[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*$/
const decimal = /^\d+([.,])\d+$/
const both = /^[1-9]\d{0,2}(?:([.,])\d{3})+[.,]\d+$/

/** Groups of three digits with spaces or apostrophes between them are one number: spaces elsewhere are none. */
function withoutSpaces(text: string): string {
  const plain = text.trim()
  return /^[1-9]\d{0,2}(?:[\s'’]\d{3})+(?:[.,]\d+)?$/.test(plain) ? plain.replace(spaces, '') : plain
}

export const isCount = (text: string): boolean => {
  const plain = withoutSpaces(text)
  return /^\d+$/.test(plain) || grouped.test(plain) || decimal.test(plain) || both.test(plain)
}

/**
 * The signs that a column uses for its decimals: where a number can't be one of separated thousands. `1.234` beside `12.5` is a
 * little more than one; alone it is over a thousand, since names are counted in whole numbers.
 */
export function decimalSigns(cells: Iterable<string>): ReadonlySet<string> {
  const signs = new Set<string>()
  for (const cell of cells) {
    const plain = withoutSpaces(cell)
    if (grouped.test(plain)) continue
    const sign = decimal.exec(plain)?.[1] ?? (both.test(plain) ? /[.,](?=\d+$)/.exec(plain)?.[0] : undefined)
    if (sign) signs.add(sign)
  }
  return signs
}

/** A whole number above 0, or null. @param decimals of the column */
export function countOf(cell: string, decimals: ReadonlySet<string>): number | null {
  if (!isCount(cell)) return null
  const plain = withoutSpaces(cell)
  const sign = grouped.exec(plain)?.[1]
  const isThousands = sign !== undefined && !decimals.has(sign)
  const [whole, fraction = ''] = isThousands ? [plain.replaceAll(sign, '')] : atLastSign(plain)
  const times = Math.round(Number(`${whole}.${fraction}`))
  return times > 0 && Number.isSafeInteger(times) ? times : null
}

function atLastSign(plain: string): [string, string] {
  const at = Math.max(plain.lastIndexOf('.'), plain.lastIndexOf(','))
  return at < 0 ? [plain, ''] : [plain.slice(0, at).replace(/[.,]/g, ''), plain.slice(at + 1)]
}
