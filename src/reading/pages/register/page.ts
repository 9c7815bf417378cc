/** A page as registration looks at it: small, evenly lit, with its keypoints. */
import { flatten, stretch } from '../vision/flatten'
import { blur, resizeArea, shrink, toMat, type GreyImage } from '../vision/image'
import { keeping, type Cv, type Mat } from '../vision/opencv'
import type { Homography, Pixels } from './types'

/** px of the longer side, of templates and pages: a 10-point letter of A4 is 10 px high. */
export const workingSize = 1200
/** px: several lines of print. */
const paperBlock = 48
/** Print four times fainter than black is still found. */
const strongestStretch = 4
const keypointCount = 2000
/** Half the size each; the first is the working size. */
const levelCount = 3

export interface Keypoints {
  /** x, y after x, y: px of the finest level. */
  points: Float32Array
  /** Degrees. */
  angles: Float32Array
  /** Diameters, px. */
  sizes: Float32Array
  /** One row of 32 bytes a keypoint. */
  descriptors: Uint8Array
}

export interface WorkingPage {
  /** Working px of the px of the image that it was made of. */
  resized: Homography
  /** Slightly blurred, paper 255; each half the size of the one before. */
  levels: GreyImage[]
}

export function workingPage(cv: Cv, pixels: Pixels): WorkingPage {
  const { image, resized } = shrink(cv, pixels, workingSize)
  const finest = blur(cv, stretch(flatten(image, paperBlock), strongestStretch), 0.8)
  const levels = [finest]
  while (levels.length < levelCount) {
    const { width, height } = levels.at(-1)!
    const half = resizeArea(cv, levels.at(-1)!, Math.max(1, width >> 1), Math.max(1, height >> 1))
    levels.push(blur(cv, half, 0.8))
  }
  return { resized, levels }
}

/** ORB: E. Rublee et al., ORB: an efficient alternative to SIFT or SURF, ICCV 2011. `mask`: 0 where nothing is looked for. */
export function findKeypoints(cv: Cv, image: GreyImage, mask: GreyImage | null = null): Keypoints {
  return keeping((keep) => {
    const orb = keep(new cv.ORB(keypointCount))
    const vector = keep(new cv.KeyPointVector())
    const descriptors: Mat = keep(new cv.Mat())
    orb.detectAndCompute(keep(toMat(cv, image)), keep(mask ? toMat(cv, mask) : new cv.Mat()), vector, descriptors)
    const count = vector.size()
    const points = new Float32Array(2 * count)
    const angles = new Float32Array(count)
    const sizes = new Float32Array(count)
    for (let index = 0; index < count; index++) {
      const { pt, angle, size } = vector.get(index)
      points[2 * index] = pt.x
      points[2 * index + 1] = pt.y
      angles[index] = angle
      sizes[index] = size
    }
    return { points, angles, sizes, descriptors: new Uint8Array(descriptors.data) }
  })
}
