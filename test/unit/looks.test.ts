import { expect, it, vi } from 'vitest'
import { looksOf, looksOfFiles } from '../../src/core/ingest/looks'

it('tells a sheet from a strip by size and shape', () => {
  for (const [width, height] of [
    [2480, 3508],
    [1240, 1754],
    [3508, 2480],
    [1000, 1400]
  ] as const)
    expect(looksOf({ width, height })).toBe('pages')
  for (const [width, height] of [
    [340, 48],
    [1600, 120],
    [900, 300],
    [128, 32]
  ] as const)
    expect(looksOf({ width, height })).toBe('fields')
  expect(looksOf({ width: 600, height: 800 })).toBe('unsure')
  expect(looksOf({ width: 4000, height: 900 })).toBe('unsure')
})

it('looks at some of a folder, from the first to the last, and is unsure of a mixture', async () => {
  const looked: number[] = []
  const folder = (pages: (index: number) => boolean, count = 300) =>
    looksOfFiles(
      Array.from({ length: count }, (_, index) => ({ absolute: String(index), format: 'jpeg' })),
      async (path) => {
        looked.push(Number(path))
        return pages(Number(path)) ? { width: 2480, height: 3508 } : { width: 340, height: 48 }
      }
    )
  expect(await folder(() => true)).toBe('pages')
  expect([looked.length, looked[0], looked.at(-1)]).toEqual([15, 0, 280])
  expect(await folder(() => false)).toBe('fields')
  expect(await folder((index) => index < 150)).toBe('unsure')
  expect(await folder((index) => index === 0)).toBe('fields')
})

it('takes PDFs for pages, and what can’t be read for nothing', async () => {
  expect(await looksOfFiles([{ absolute: 'a.pdf', format: 'pdf' }])).toBe('pages')
  expect(await looksOfFiles([])).toBe('unsure')
  expect(await looksOfFiles([{ absolute: 'a.png', format: 'png' }], async () => null)).toBe('unsure')
})

it('looks at some all the same where a look takes long', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  let looked = 0
  const files = Array.from({ length: 40 }, (_, index) => ({ absolute: String(index), format: 'jpeg' }))
  const looks = await looksOfFiles(files, async () => {
    looked++
    vi.advanceTimersByTime(3000)
    return { width: 340, height: 48 }
  })
  vi.useRealTimers()
  expect([looks, looked]).toEqual(['fields', 3])
})
