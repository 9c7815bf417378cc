/** A scan that lies askew, turned so that what is printed lies along rows: boxes are drawn along them. */
import type { Pixels } from '../register/types'
import { estimateSkew } from '../register/coarse'
import { flatten } from '../vision/flatten'
import { multiply, translation } from '../vision/homography'
import type { Homography } from '../register/types'
import { resizeArea, shrink, type GreyImage } from '../vision/image'
import { keeping, loadOpenCv, type Cv } from '../vision/opencv'

/** px of the longer side: enough to tell a tenth of a degree. */
const workingSize = 2000
/** px there: some lines of print. */
const paperBlock = 90
/** Degrees: on an A4 page at 200 dpi less moves nothing by more than 4 px. */
const straightEnough = 0.1

/** The page itself where it lies straight; else a larger one, white in its corners: nothing of the page is lost. */
export async function straighten(page: Pixels): Promise<Pixels> {
  const { cv } = await loadOpenCv()
  const degrees = skewOf(cv, flatten(shrink(cv, page, workingSize).image, paperBlock))
  if (Math.abs(degrees) <= straightEnough) return page
  const angle = (degrees * Math.PI) / 180
  const [cosine, sine] = [Math.cos(angle), Math.abs(Math.sin(angle))]
  const width = Math.round(page.width * cosine + page.height * sine)
  const height = Math.round(page.height * cosine + page.width * sine)
  const toPage = multiply(turned(angle), translation(-width / 2, -height / 2))
  const matrix = multiply(translation(page.width / 2, page.height / 2), toPage)
  return keeping((keep) => {
    const type = page.channels === 1 ? cv.CV_8UC1 : cv.CV_8UC3
    const source = keep(new cv.Mat(page.height, page.width, type))
    source.data.set(page.data)
    const target = keep(new cv.Mat())
    cv.warpPerspective(
      source,
      target,
      keep(cv.matFromArray(3, 3, cv.CV_64F, matrix)),
      new cv.Size(width, height),
      cv.INTER_CUBIC | cv.WARP_INVERSE_MAP,
      cv.BORDER_CONSTANT,
      new cv.Scalar(255, 255, 255)
    )
    return { data: new Uint8Array(target.data), width, height, channels: page.channels }
  })
}

/** By which it lies askew, degrees clockwise. @param flat paper is white everywhere */
export function skewOf(cv: Cv, { data, width, height }: GreyImage): number {
  return estimateSkew(resizeArea(cv, { data, width, height }, Math.max(1, width >> 1), Math.max(1, height >> 1)))
}

export const turned = (angle: number): Homography => [
  Math.cos(angle),
  -Math.sin(angle),
  0,
  Math.sin(angle),
  Math.cos(angle),
  0,
  0,
  0,
  1
]
