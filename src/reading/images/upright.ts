/** Turning and mirroring raw pixels. */
import type { QuarterTurns } from '../../shared/domain'
import type { RawPixels } from './header'

/** Exif's orientations: whether the stored image is to be mirrored left to right, then clockwise quarter turns. */
const orientations: Record<number, { mirrored: boolean; turns: QuarterTurns }> = {
  1: { mirrored: false, turns: 0 },
  2: { mirrored: true, turns: 0 },
  3: { mirrored: false, turns: 2 },
  4: { mirrored: true, turns: 2 },
  5: { mirrored: true, turns: 3 },
  6: { mirrored: false, turns: 1 },
  7: { mirrored: true, turns: 1 },
  8: { mirrored: false, turns: 3 }
}
export const orientationOf = (orientation: number): { mirrored: boolean; turns: QuarterTurns } =>
  orientations[orientation] ?? orientations[1]!

export function mirror({ data, width, height, channels, notes }: RawPixels): RawPixels {
  return moved(data, { width, height, channels, notes }, (width - 1) * channels, -channels, width * channels)
}

/** @param turns clockwise quarter turns */
export function turn(pixels: RawPixels, turns: QuarterTurns): RawPixels {
  const { data, width, height, channels, notes } = pixels
  const row = width * channels
  switch (turns) {
    case 0:
      return pixels
    case 1:
      return moved(data, { width: height, height: width, channels, notes }, (height - 1) * row, -row, channels)
    case 2:
      return moved(data, { width, height, channels, notes }, data.length - channels, -channels, -row)
    case 3:
      return moved(data, { width: height, height: width, channels, notes }, row - channels, row, -channels)
  }
}

/** Each target pixel from `start + x * right + y * down` of the source. */
function moved(
  data: Uint8Array,
  { width, height, channels, notes }: Omit<RawPixels, 'data'>,
  start: number,
  right: number,
  down: number
): RawPixels {
  const result = new Uint8Array(data.length)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, from = start + y * down; x < width; x++, from += right) {
      result[to++] = data[from]!
      if (channels === 3) {
        result[to++] = data[from + 1]!
        result[to++] = data[from + 2]!
      }
    }
  }
  return { data: result, width, height, channels, ...(notes && { notes }) }
}
