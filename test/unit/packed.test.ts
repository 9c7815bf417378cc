import { expect, test } from 'vitest'
import { packed, unpacked } from '../../src/reading/processes/packed'

test('a message comes back as it was sent, pictures byte for byte', () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, place) => place % 251)
  const message = {
    type: 'results',
    results: [
      { key: 2 ** 40, text: 'Zoë “d’Arc” 𝒜\n', confidence: 1e-7, score: Number.NaN, lattice: bytes.subarray(7, 90) }
    ],
    none: null,
    page: bytes
  }
  const back = unpacked<typeof message>(packed(message))
  expect(back.results[0]).toEqual({ ...message.results[0]!, lattice: expect.any(Uint8Array) as Uint8Array })
  expect([...back.results[0]!.lattice]).toEqual([...bytes.subarray(7, 90)])
  expect(Buffer.compare(back.page, bytes)).toBe(0)
  expect(back.none).toBeNull()
})

test('what is undefined is absent, as whoever asks for it expects', () => {
  expect(unpacked(packed({ given: 1, content: undefined }))).toEqual({ given: 1 })
  expect(Object.keys(unpacked<object>(packed({ content: undefined })))).toEqual([])
})
