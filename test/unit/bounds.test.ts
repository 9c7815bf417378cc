import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { json, list, text } from '../../src/shared/bounds'
import { endpoints, type EndpointName } from '../../src/shared/contract'

interface Node {
  type: string
  kind: string
  pipe?: Node[]
  entries?: Record<string, Node>
  wrapped?: Node
  item?: Node
  items?: Node[]
  options?: unknown[]
}

/** Places of a schema where what is sent may be of any size. */
function unbounded(node: Node, at: string): string[] {
  const steps = node.pipe ?? [node]
  const bounded = steps.some(
    ({ type, pipe }) => type === 'max_length' || pipe?.some((step) => step.type === 'max_length')
  )
  const own = (step: Node): string[] => {
    if (step.type === 'string' && !bounded) return [`${at}: a text`]
    if (step.type === 'array' && !bounded) return [`${at}: a list`]
    // Bounded as a whole: see `small`.
    if (steps.some(({ type }) => type === 'check')) return []
    if (step.type === 'record') return [`${at}: any keys`]
    if (step.type === 'unknown' || step.type === 'loose_object') return [`${at}: anything`]
    return []
  }
  return steps.flatMap((step) => [
    ...own(step),
    ...Object.entries(step.entries ?? {}).flatMap(([key, entry]) => unbounded(entry, `${at}.${key}`)),
    ...(step.wrapped ? unbounded(step.wrapped, at) : []),
    ...(step.item ? unbounded(step.item, `${at}[]`) : []),
    ...(step.items ?? []).flatMap((item) => unbounded(item, `${at}[]`)),
    ...(step.options ?? []).flatMap((option) => (typeof option === 'object' ? unbounded(option as Node, at) : [])),
    ...(step !== node && step.pipe ? unbounded(step, at) : [])
  ])
}

describe('the contract', () => {
  it.each(Object.keys(endpoints) as EndpointName[])('bounds what %s may be sent', (name) => {
    const found = [...new Set(unbounded(endpoints[name].input as never, name))]
    // A template's fields keep keys of other programs: they are bounded together.
    expect(found.filter((place) => place !== 'templates.save.fields[]: anything')).toEqual([])
  })
})

describe('a list', () => {
  it('is measured before its items are looked at', () => {
    let looked = 0
    const item = v.pipe(
      v.number(),
      v.check(() => ++looked > 0)
    )
    expect(v.safeParse(list(item, 3), [1, 2, 3, 4]).success).toBe(false)
    expect(looked).toBe(0)
    expect(v.safeParse(list(item, 3), [1, 2, 3]).success).toBe(true)
    expect(v.safeParse(list(item, 3), { length: 1 }).success).toBe(false)
  })
})

describe('a text', () => {
  it.each(['Zoë', 'two\nlines\tand a tab', '😀', ''])('can be %j', (value) =>
    expect(v.safeParse(text(20), value).success).toBe(true)
  )
  it.each(['a\0b', '\ud83d', 'a\u001bb', 'x'.repeat(21)])('cannot be %j', (value) =>
    expect(v.safeParse(text(20), value).success).toBe(false)
  )
})

describe('any JSON', () => {
  const deep = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown
  it('can be small', () => expect(v.safeParse(json(100), { a: [1, null, 'x'] }).success).toBe(true))
  it('cannot be long', () => expect(v.safeParse(json(100), 'x'.repeat(100)).success).toBe(false))
  it('cannot be deep', () => expect(v.safeParse(json(1_000_000), deep).success).toBe(false))
})
