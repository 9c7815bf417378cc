/** Guesses from the look of the whole page, some 300 px high: for forms without distinct letters and without frames. */
import { multiply, resizing, translation } from '../vision/homography'
import { toMat, warp, type GreyImage } from '../vision/image'
import { keeping, type Cv } from '../vision/opencv'
import type { Guess } from './keypoints'
import type { Homography } from './types'

/** The form's size on the page, as share of what fills it: a photo has a rim. */
const sizes = Array.from({ length: 9 }, (_, index) => 1.05 * 0.94 ** index)
/** Degrees. */
const mostSkew = 7
const skewStep = 0.5
const fineStep = 0.1

/** Degrees clockwise by which most of the ink's rows or columns lie askew, −7 to 7, to a tenth. */
export function estimateSkew({ data, width, height }: GreyImage): number {
  const points: number[] = []
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) if (data[y * width + x]! < 160) points.push(x - width / 2, y - height / 2)
  const coarse = sharpest(points, width + height, 0, mostSkew, skewStep)
  return Math.round(10 * sharpest(points, width + height, coarse, skewStep, fineStep)) / 10
}

/** The angle, near `middle`, at which the ink gathers most in few rows and columns; the straightest of equals. */
function sharpest(points: number[], reach: number, middle: number, range: number, step: number): number {
  const rows = new Float64Array(2 * reach)
  const count = Math.round(range / step)
  let best = 0
  let most = -1
  for (let index = -count; index <= count; index++) {
    const angle = middle + index * step
    const cosine = Math.cos((angle * Math.PI) / 180)
    const sine = Math.sin((angle * Math.PI) / 180)
    let sharpness = 0
    for (const across of [false, true]) {
      rows.fill(0)
      for (let at = 0; at < points.length; at += 2) {
        const x = points[at]!
        const y = points[at + 1]!
        rows[Math.round((across ? cosine * x + sine * y : cosine * y - sine * x) + reach)]!++
      }
      for (const ink of rows) sharpness += ink * ink
    }
    if (sharpness > most || (sharpness === most && Math.abs(angle) < Math.abs(best))) {
      most = sharpness
      best = angle
    }
  }
  return best
}

/**
 * The best place for each quarter turn, template to page px.
 * @param template with fields' insides white
 */
export function matchWhole(cv: Cv, template: GreyImage, page: GreyImage): Guess[] {
  const skew = (estimateSkew(page) * Math.PI) / 180
  return [0, 1, 2, 3].map((turn) => {
    const angle = skew + (turn * Math.PI) / 2
    const fitting = Math.min(
      page.width / (turn % 2 ? template.height : template.width),
      page.height / (turn % 2 ? template.width : template.height)
    )
    const tried = sizes.map((size) => place(cv, template, page, angle, size * fitting))
    return tried.reduce((best, guess) => (guess.agreement > best.agreement ? guess : best))
  })
}

/** The template turned and scaled, moved over the page: normalised correlation at every place. */
function place(cv: Cv, template: GreyImage, page: GreyImage, angle: number, scale: number): Guess {
  const cosine = Math.cos(angle)
  const sine = Math.sin(angle)
  const boxWidth = Math.ceil(scale * (Math.abs(cosine) * template.width + Math.abs(sine) * template.height))
  const boxHeight = Math.ceil(scale * (Math.abs(sine) * template.width + Math.abs(cosine) * template.height))
  const turned: Homography = [scale * cosine, -scale * sine, 0, scale * sine, scale * cosine, 0, 0, 0, 1]
  const own = multiply(
    translation(boxWidth / 2, boxHeight / 2),
    multiply(turned, translation(-template.width / 2, -template.height / 2))
  )
  const inverse: Homography = [cosine / scale, sine / scale, 0, -sine / scale, cosine / scale, 0, 0, 0, 1]
  const back = multiply(
    translation(template.width / 2, template.height / 2),
    multiply(inverse, translation(-boxWidth / 2, -boxHeight / 2))
  )
  return keeping((keep) => {
    const drawn = keep(toMat(cv, warp(cv, template, back, boxWidth, boxHeight)))
    const marginX = Math.ceil(0.12 * page.width) + Math.max(0, boxWidth - page.width)
    const marginY = Math.ceil(0.12 * page.height) + Math.max(0, boxHeight - page.height)
    const wide = keep(new cv.Mat())
    const white = new cv.Scalar(255)
    cv.copyMakeBorder(keep(toMat(cv, page)), wide, marginY, marginY, marginX, marginX, cv.BORDER_CONSTANT, white)
    const result = keep(new cv.Mat())
    cv.matchTemplate(wide, drawn, result, cv.TM_CCOEFF_NORMED)
    const { maxVal, maxLoc } = bestPlace(result.data32F, result.cols)
    return { agreement: maxVal, transform: multiply(translation(maxLoc[0] - marginX, maxLoc[1] - marginY), own) }
  })
}

function bestPlace(values: Float32Array, width: number): { maxVal: number; maxLoc: [number, number] } {
  let at = 0
  for (let index = 1; index < values.length; index++) if (values[index]! > values[at]!) at = index
  return { maxVal: values[at] ?? -1, maxLoc: [at % width, Math.floor(at / width)] }
}

/** A guess made on a smaller image, in px of the finest. */
export const enlarged = (guess: Homography, times: number): Homography =>
  multiply(resizing(times), multiply(guess, resizing(1 / times)))
