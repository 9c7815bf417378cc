/** Where something is written on a crop: the paper around it takes no room on the card. */

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** px of the longer side at which a crop is looked at. */
const longest = 480
/** Dark px that a row or column needs: fewer are dust. */
const fewest = 2
/** Kept around the ink, as a share of its height: letters that are faint at their ends stay whole. */
const margin = 0.22
/** Grey levels between paper and ink: less is no writing. */
const leastContrast = 40

/**
 * The ink's box with a margin, in px of the crop; null where there is nothing to see, or nothing to gain.
 * @param grey 0 black … 255 white, row by row
 */
export function inkBox(grey: Uint8ClampedArray, width: number, height: number): Box | null {
  const { paper, ink } = levels(grey)
  if (paper - ink < leastContrast) return null
  const limit = paper - (paper - ink) * 0.4
  const columns = new Uint32Array(width)
  const rows = new Uint32Array(height)
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++)
      if (grey[at]! < limit) {
        columns[x]!++
        rows[y]!++
      }
  const [left, right] = range(columns)
  const [top, bottom] = range(rows)
  if (right < left || bottom < top) return null
  const around = Math.ceil((bottom - top + 1) * margin)
  const x = Math.max(0, left - around)
  const y = Math.max(0, top - around)
  return { x, y, width: Math.min(width, right + 1 + around) - x, height: Math.min(height, bottom + 1 + around) - y }
}

/** The paper is what most of a crop is; the ink its darkest hundredth. */
function levels(grey: Uint8ClampedArray): { paper: number; ink: number } {
  const counts = new Uint32Array(256)
  for (const level of grey) counts[level]!++
  let paper = 255
  for (let level = 0; level < 256; level++) if (counts[level]! > counts[paper]!) paper = level
  let [ink, seen] = [0, 0]
  while (ink < 255 && (seen += counts[ink]!) < grey.length / 100) ink++
  return { paper, ink }
}

const range = (counts: Uint32Array): [number, number] => [
  counts.findIndex((count) => count >= fewest),
  counts.findLastIndex((count) => count >= fewest)
]

const known = new WeakMap<HTMLImageElement, Box | null>()

/** Of a decoded picture, in its own px. */
export function inkOf(picture: HTMLImageElement): Box | null {
  const found = known.get(picture)
  if (found !== undefined) return found
  const box = look(picture)
  known.set(picture, box)
  return box
}

function look(picture: HTMLImageElement): Box | null {
  const { naturalWidth, naturalHeight } = picture
  const scale = Math.min(1, longest / Math.max(naturalWidth, naturalHeight))
  const [width, height] = [
    Math.max(1, Math.round(naturalWidth * scale)),
    Math.max(1, Math.round(naturalHeight * scale))
  ]
  const canvas = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (!canvas) return null
  canvas.drawImage(picture, 0, 0, width, height)
  const { data } = canvas.getImageData(0, 0, width, height)
  const grey = new Uint8ClampedArray(width * height)
  for (let at = 0; at < grey.length; at++)
    grey[at] = 0.299 * data[at * 4]! + 0.587 * data[at * 4 + 1]! + 0.114 * data[at * 4 + 2]!
  const box = inkBox(grey, width, height)
  return box && { x: box.x / scale, y: box.y / scale, width: box.width / scale, height: box.height / scale }
}
