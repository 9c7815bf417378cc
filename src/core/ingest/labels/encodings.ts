/**
 * Which encoding the bytes of a table are in, where nothing in the file says so. Each candidate is held against what names look
 * like: letters within words, no capital among small letters or the other way round, vowels and consonants in turn.
 */
import { isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'

export interface Guess {
  encoding: string
  /** Others that fit about as well, or all that were tried where none fits: a person has to say. */
  doubt: { because: 'close' | 'none'; others: string[]; example: string } | null
}

/** What speaks against a candidate before anything is read: rarer than Windows-1252 where this is used. */
const candidates: [encoding: string, handicap: number][] = [
  ['windows-1252', 0],
  ['cp850', 1],
  ['macroman', 1],
  ['windows-1250', 1],
  ['windows-1251', 1],
  ['cp852', 1.5],
  ['iso-8859-15', 1.5],
  ['iso-8859-2', 1.5]
]

/** Points by which the best must be better than another that reads other characters. */
const margin = 1
/** Points a word, as an average, above which not even the best is believed. */
const unbelievable = 1
/** Words that are looked at: different ones, the first in the file. */
const wordsLookedAt = 2000

export function guessEncoding(bytes: Buffer): Guess {
  const certain = certainEncoding(bytes)
  if (certain) return { encoding: certain, doubt: null }
  const words = wordsWithSigns(bytes)
  const scored = candidates
    .map(([encoding, handicap]) => {
      const read = words.map((word) => iconv.decode(word, encoding))
      const rare = new Set(read.flatMap((word) => word.match(rareLetters) ?? [])).size
      const against = read.reduce((sum, word) => sum + faults(word), 0)
      return { encoding, read, against, points: against + handicap + rare }
    })
    .sort((a, b) => a.points - b.points)
  const best = scored[0]!
  const close = scored.slice(1).filter((other) => other.points - best.points < margin && differ(other.read, best.read))
  const worst = best.read.reduce((a, b) => (faults(b) > faults(a) ? b : a), '')
  if (best.against > words.length * unbelievable) {
    return {
      encoding: best.encoding,
      doubt: { because: 'none', others: scored.map(({ encoding }) => encoding), example: worst }
    }
  }
  if (!close.length) return { encoding: best.encoding, doubt: null }
  const at = best.read.findIndex((word, index) => word !== close[0]!.read[index])
  const example = `${best.read[at]} / ${close[0]!.read[at]}`
  return {
    encoding: best.encoding,
    doubt: { because: 'close', others: close.map(({ encoding }) => encoding), example }
  }
}

/** By byte order mark, else by the zero bytes of UTF-16, else UTF-8 where it is valid. */
function certainEncoding(bytes: Buffer): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes[2] === 0 && bytes[3] === 0 ? 'utf-32le' : 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const head = bytes.subarray(0, 4096)
  let [even, odd] = [0, 0]
  for (let index = 0; index < head.length; index++) {
    if (head[index] !== 0) continue
    if (index % 2) odd++
    else even++
  }
  // Western text in UTF-16 has a zero in nearly every character; a stray zero byte in UTF-8 has not.
  if (odd > head.length / 4 && even < odd / 8) return 'utf-16le'
  if (even > head.length / 4 && odd < even / 8) return 'utf-16be'
  return isUtf8(bytes) || isMostlyUtf8(bytes) ? 'utf-8' : null
}

/** UTF-8 that was cut off or damaged somewhere: by chance, other encodings hardly ever make its characters. */
function isMostlyUtf8(bytes: Buffer): boolean {
  let [valid, broken] = [0, 0]
  for (const [character] of bytes.toString('utf8').matchAll(/[^\0-\x7f]/gu)) {
    if (character === '\ufffd') broken++
    else valid++
  }
  return valid > 0 && valid >= broken
}

/** Runs of ASCII letters and of bytes beyond ASCII, with one of the latter in them. */
function wordsWithSigns(bytes: Buffer): Buffer[] {
  const words = new Map<string, Buffer>()
  for (const [run] of bytes.toString('latin1').matchAll(/[A-Za-z'\x80-\xff]*[\x80-\xff][A-Za-z'\x80-\xff]*/g)) {
    if (words.size >= wordsLookedAt) break
    words.set(run, Buffer.from(run, 'latin1'))
  }
  return [...words.values()]
}

const differ = (a: string[], b: string[]): boolean => a.some((word, index) => word !== b[index])

/** Letters of few languages among those that are written in Windows-1252. */
const rareLetters = /[ØøÐðÞþÝýŸÿƒ]/g
const asciiOnly = /^[\x20-\x7e]$/
/** Signs that do stand in or beside names: no-break space, typographic apostrophes, dashes and quotes, ordinals. */
const signsOfNames = /[\u00a0’‘ʼ–—«»“”„]/u
const vowels = /[aeiouyàáâãäåāăąæèéêëēėęěìíîïīįıòóôõöøōőœùúûüūůűųýÿаеёиоуыэюяєіїў]/iu

/** How much in a word speaks against it: 0 is a name as people write them. */
function faults(word: string): number {
  const characters = [...word]
  const letters = characters.filter((character) => /\p{L}/u.test(character) && !/[ºª]/.test(character))
  const signs = characters.filter(
    (character) => !asciiOnly.test(character) && !/[\p{L}\p{M}]/u.test(character.replace(/[ºªµ]/, '·'))
  )
  // N° and Mª are short.
  const strange = signs.filter((sign) => !signsOfNames.test(sign) && (letters.length > 2 || !/[°ºª]/.test(sign))).length
  const scripts = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u].filter((script) =>
    letters.some((letter) => script.test(letter))
  )
  return (strange + Math.max(0, scripts.length - 1)) * 4 + faultsOfCase(letters) * 3 + faultsOfSound(letters)
}

/** Letters beyond ASCII that are of another case than the others; McDONALD and DuPONT are names all the same. */
function faultsOfCase(letters: string[]): number {
  const plain = letters.filter((letter, index) => index > 0 && asciiOnly.test(letter))
  const capitals = plain.length > 0 && plain.every((letter) => letter === letter.toUpperCase())
  const small = plain.length > 0 && plain.every((letter) => letter === letter.toLowerCase())
  return letters.filter((letter, index) => {
    if (asciiOnly.test(letter) || letter === 'ß') return false
    return /\p{Ll}/u.test(letter) ? capitals : index > 0 && small
  }).length
}

/** Three vowels, or three consonants, in a row with a letter beyond ASCII among them. */
function faultsOfSound(letters: string[]): number {
  let total = 0
  for (let start = 0; start < letters.length;) {
    const isVowel = vowels.test(letters[start]!)
    let end = start
    while (end < letters.length && vowels.test(letters[end]!) === isVowel) end++
    const run = letters.slice(start, end)
    if (run.length >= 3 && run.some((letter) => !asciiOnly.test(letter))) total++
    start = end
  }
  return total
}
