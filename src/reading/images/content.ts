/** What an image shows, as a name for it: the hash of its decoded pixels. */
import { createHash } from 'node:crypto'

/**
 * Names the decoder: to be changed, and never used again, where the same file would give other pixels than before. A test holds
 * the two together.
 */
export const decoder = 'pixels-1'

interface Decoded {
  /** Row by row, channels interleaved. */
  data: Uint8Array
  width: number
  height: number
  channels: 1 | 3
}

/** The same for a grey image that is stored in colour. */
export function pixelsHash(image: Decoded): string {
  const { data, width, height } = image
  const grey = image.channels === 3 ? greyOf(data) : data
  const hash = createHash('sha256').update(`${width} ${height} ${grey ? 1 : 3} `)
  return `${decoder}:${hash.update(grey ?? data).digest('hex')}`
}

/** One channel where all three are alike everywhere, else null. */
function greyOf(data: Uint8Array): Uint8Array | null {
  const grey = new Uint8Array(data.length / 3)
  for (let index = 0, at = 0; at < data.length; index++, at += 3) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return null
    grey[index] = data[at]!
  }
  return grey
}
