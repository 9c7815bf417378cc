/** The golden vectors that training/ computes; their format is told in golden.md. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { ModelInput } from '../../src/reading/models'
import { manifestDefaults } from '../../src/reading/models/manifest'

interface Slice {
  offset: number
  length: number
}
export interface GoldenImage extends Slice {
  name: string
  width: number
  height: number
  mode: string
  grey: string
}
export interface Golden {
  model: { id: string; sha256: string }
  tolerance: { pixels: number; logits: number; texts: number }
  images: GoldenImage[]
  manifests: { name: string; input: ModelInput }[]
  pixels: (Slice & { manifest: string; image: number; width: number; height: number })[]
  logits: (Slice & { image: number; frames: number; classes: number })[]
  texts: string[]
}

const folder = resolve(import.meta.dirname, 'golden')
const defaults = manifestDefaults.input as Partial<ModelInput>
const slice = (bytes: Buffer, { offset, length }: Slice): Buffer => bytes.subarray(offset, offset + length)

export function readGolden() {
  const index = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')) as Golden
  const images = readFileSync(join(folder, 'images.bin'))
  const pixels = gunzipSync(readFileSync(join(folder, 'pixels.bin.gz')))
  const logits = readFileSync(join(folder, 'logits.bin'))
  return {
    ...index,
    // Keys that came later are written only where they are not at their default.
    manifests: index.manifests.map(({ name, input }) => ({ name, input: { ...defaults, ...input } })),
    pixelsOf: (expected: Slice): Buffer => slice(pixels, expected),
    logitsOf: (expected: Slice): Float32Array => {
      const { buffer, byteOffset, length } = Buffer.from(slice(logits, expected)) // aligned
      return new Float32Array(buffer.slice(byteOffset, byteOffset + length))
    },
    /** Writes the images as files of a temporary folder; their paths, in order. */
    writeImages: (): { folder: string; paths: string[] } => {
      const into = mkdtempSync(join(tmpdir(), 'nomina-golden-'))
      const paths = index.images.map((image) => {
        const path = join(into, `${image.name}.png`)
        writeFileSync(path, slice(images, image))
        return path
      })
      return { folder: into, paths }
    }
  }
}
