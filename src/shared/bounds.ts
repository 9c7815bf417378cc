/** Schemas of bounded size: whatever is sent, by whomever, looking at it costs no more than this. No Node, no DOM. */
import * as v from 'valibot'

/** A control character that no text is written with, or half of a character: neither is stored as it came. */
// eslint-disable-next-line no-control-regex
const unwritable = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\p{Surrogate}]/u

/** @param most UTF-16 code units */
export const text = (most: number) =>
  v.pipe(
    v.string(),
    v.maxLength(most, `it has more than ${most.toLocaleString('en-GB')} characters`),
    v.check((value) => !unwritable.test(value), 'it has characters that cannot be written')
  )

/** A list that is measured before its items are looked at. */
export const list = <T extends v.GenericSchema>(item: T, most: number) =>
  v.pipe(
    v.custom<v.InferInput<T>[]>(Array.isArray, 'it is no list'),
    v.maxLength(most, `it has more than ${most.toLocaleString('en-GB')} items`),
    v.array(item)
  )

/** A number that is one: JSON writes 1e999 for infinity. */
export const finite = v.pipe(v.number(), v.finite())

/** Levels of lists and objects in one another: more would exhaust the stack of whoever writes it down. */
const DEEPEST = 32

/** Whatever has keys of its own: neither deep nor, written down, longer than `most` characters. */
export const small = <T>(most: number) =>
  v.check<T, string>(
    (value) => !isDeep(value) && (JSON.stringify(value) ?? '').length <= most,
    `it is larger than ${most.toLocaleString('en-GB')} characters or has more than ${DEEPEST} levels`
  )

/** Any JSON, if it is small. */
export const json = (most: number) => v.pipe(v.unknown(), small(most))

function isDeep(value: unknown): boolean {
  let level = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
  }
  return false
}
