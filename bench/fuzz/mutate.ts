/** Mutations of files, drawn by fast-check: the same seed and number give the same file. */
import fc from 'fast-check'

/** Places are shares of the file's length, so that a mutation means something in a file of any size. */
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })

const mutation = fc.oneof(
  { weight: 2, arbitrary: fc.record({ what: fc.constant('flip' as const), at: place, bit: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('cut' as const), at: place }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('write' as const),
      at: place,
      bytes: fc.oneof(
        // Sizes and counts that a decoder might believe, in both orders of bytes.
        fc.constantFrom(
          ...['ffffffff', '7fffffff', '00000000', '80000000', 'ffff', '0000', '7f', 'ff', '00ffffff'].map((hex) =>
            Buffer.from(hex, 'hex')
          )
        ),
        fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes))
      )
    })
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('repeat' as const),
      at: place,
      length: fc.integer({ min: 1, max: 4096 }),
      times: fc.constantFrom(2, 16, 1000, 20_000)
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('drop' as const), at: place, length: fc.integer({ min: 1, max: 2048 }) })
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('insert' as const),
      at: place,
      text: fc.oneof(
        fc.string({ maxLength: 50, unit: 'binary' }),
        fc.constantFrom(
          '\n'.repeat(1_000_000),
          ','.repeat(1_000_000),
          '"'.repeat(10_001),
          '['.repeat(100_000),
          '1e999',
          '\0',
          '{"__proto__":{"x":1}}',
          '\ufeff'
        )
      )
    })
  }
)
export type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never

/** Most bytes of a mutated file: more is a matter of the disk. */
const MOST = 32 * 1024 * 1024

/** For each file: which original, and what is done to it. Some are left as they are. */
export const plan = (originals: number, files: number, seed: number): { original: number; mutations: Mutation[] }[] =>
  fc.sample(
    fc.record({
      original: fc.nat(originals - 1),
      mutations: fc.array(mutation, { minLength: 0, maxLength: 4 })
    }),
    { numRuns: files, seed }
  )

export function mutated(bytes: Buffer, mutations: Mutation[]): Buffer {
  return mutations.reduce((file, change) => apply(file, change).subarray(0, MOST), bytes)
}

function apply(file: Buffer, change: Mutation): Buffer {
  const at = Math.floor(change.at * file.length)
  const [before, after] = [file.subarray(0, at), file.subarray(at)]
  switch (change.what) {
    case 'cut':
      return before
    case 'drop':
      return Buffer.concat([before, after.subarray(change.length)])
    case 'insert':
      return Buffer.concat([before, Buffer.from(change.text), after])
    case 'repeat': {
      const piece = after.subarray(0, change.length)
      const times = Math.min(change.times, Math.floor(MOST / Math.max(1, piece.length)))
      return Buffer.concat([before, ...Array.from({ length: times }, () => piece), after])
    }
    case 'write':
      return Buffer.concat([before, change.bytes, after.subarray(change.bytes.length)])
    case 'flip': {
      const copy = Buffer.from(file)
      if (copy.length) copy[at]! ^= 1 << change.bit
      return copy
    }
  }
}
