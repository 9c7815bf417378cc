import { describe, expect, it, vi } from 'vitest'
import type { FieldRow } from '../../src/shared/domain'
import { RowCache } from '../../src/renderer/src/lib/rows'

const ids = Array.from({ length: 100_000 }, (_, index) => index + 1)
const rowOf = (id: number, text = `NAME${id}`): FieldRow => ({ id, text }) as FieldRow

/** A source whose answers come when the test says so. */
function played(options: { keep?: number; parallel?: number; chunk?: number } = {}) {
  const asked: { ids: number[]; answer: (rows?: FieldRow[]) => Promise<void>; fail: () => Promise<void> }[] = []
  const onfailure = vi.fn()
  const cache = new RowCache({
    onchange: () => undefined,
    onfailure,
    ...options,
    fetchRows: (wanted) =>
      new Promise<FieldRow[]>((resolve, reject) => {
        const settled = (): Promise<void> => new Promise((done) => setTimeout(done))
        asked.push({
          ids: wanted,
          answer: (rows = wanted.map((id) => rowOf(id))) => (resolve(rows), settled()),
          fail: () => (reject(new Error('gone')), settled())
        })
      })
  })
  return { cache, asked, onfailure }
}

describe('the cache of rows', () => {
  it('asks for what is seen first, then for the rows around, and for nothing twice', async () => {
    const { cache, asked } = played({ chunk: 100 })
    cache.want(ids, 500, 519)
    expect(asked[0]!.ids.slice(0, 20)).toEqual(ids.slice(500, 520))
    expect(asked[0]!.ids).toHaveLength(100)
    cache.want(ids, 501, 520)
    const all = asked.flatMap((request) => request.ids)
    expect(new Set(all).size).toBe(all.length)
    await asked[0]!.answer()
    expect(cache.get(501)?.text).toBe('NAME501')
    expect(cache.get(90_000)).toBeUndefined()
  })

  it('asks for where a fast scroll stopped, not for all it passed', async () => {
    const { cache, asked } = played({ parallel: 1, chunk: 100 })
    for (let first = 0; first < 90_000; first += 1000) cache.want(ids, first, first + 20)
    expect(asked).toHaveLength(1)
    await asked[0]!.answer()
    expect(asked).toHaveLength(2)
    expect(asked[1]!.ids[0]).toBe(ids[89_000])
  })

  it('never asks for more than 500 rows at once', () => {
    const { cache, asked } = played()
    cache.want(ids, 0, 2000)
    for (const request of asked) expect(request.ids.length).toBeLessThanOrEqual(500)
  })

  it('shows a changed row as it was until the new one is there', async () => {
    const { cache, asked } = played({ chunk: 40 })
    cache.want(ids, 0, 19)
    while (asked.some((request) => !cache.get(request.ids[0]!)))
      await asked.find((r) => !cache.get(r.ids[0]!))!.answer()
    const before = asked.length
    cache.invalidate([3])
    expect(cache.get(3)?.text).toBe('NAME3')
    expect(asked.slice(before).flatMap((request) => request.ids)).toEqual([3])
    await asked.at(-1)!.answer([rowOf(3, 'NEW')])
    expect(cache.get(3)?.text).toBe('NEW')
  })

  it('keeps a row that was decided while an older answer was on its way', async () => {
    const { cache, asked } = played()
    cache.want(ids, 0, 19)
    cache.patch([rowOf(5, 'DECIDED')])
    await asked[0]!.answer()
    expect(cache.get(5)?.text).toBe('DECIDED')
    expect(cache.get(6)?.text).toBe('NAME6')
  })

  it('asks again for a row that changed while it was on its way', async () => {
    const { cache, asked } = played({ parallel: 1 })
    cache.want(ids, 0, 19)
    cache.invalidate(null)
    await asked[0]!.answer(asked[0]!.ids.map((id) => rowOf(id, 'OLD')))
    expect(cache.get(1)?.text).toBe('OLD')
    expect(asked[1]!.ids).toContain(1)
    await asked[1]!.answer()
    expect(cache.get(1)?.text).toBe('NAME1')
  })

  it('holds no more rows than it may, and never drops those in view', async () => {
    const { cache, asked } = played({ keep: 300, chunk: 50, parallel: 1 })
    for (const first of [0, 5000, 20_000, 40_000]) {
      cache.want(ids, first, first + 29)
      while (!cache.get(ids[first + 29]!)) await asked.at(-1)!.answer()
    }
    for (let index = 40_000; index < 40_030; index++) expect(cache.get(ids[index]!)).toBeDefined()
    expect(ids.filter((id) => cache.get(id)).length).toBeLessThanOrEqual(300)
  })

  it('says that a request failed, and asks again at the next scroll only', async () => {
    const { cache, asked, onfailure } = played({ parallel: 1 })
    cache.want(ids, 0, 19)
    await asked[0]!.fail()
    expect(onfailure).toHaveBeenCalledOnce()
    expect(asked).toHaveLength(1)
    cache.want(ids, 1, 20)
    expect(asked).toHaveLength(2)
    expect(asked[1]!.ids).toContain(2)
  })
})
