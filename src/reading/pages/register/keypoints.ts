/** First guesses of where a template lies: keypoints that look alike, and the one transform that most of them agree on. */
import { keeping, type Cv, type Mat } from '../vision/opencv'
import type { Keypoints } from './page'
import type { Homography } from './types'

/** The best look-alike must be this much nearer than the second (D. Lowe 2004): rows of a table all look alike. */
const distinctness = 0.85
/** Working px by which a keypoint may miss. */
const tolerance = 4
const leastMatches = 8

export interface Guess {
  transform: Homography
  /** How much speaks for it, comparable among guesses of one kind. */
  agreement: number
}

export function matchKeypoints(cv: Cv, template: Keypoints, page: Keypoints): Guess | null {
  if (template.angles.length < leastMatches || page.angles.length < leastMatches) return null
  return keeping((keep) => {
    const from: number[] = []
    const to: number[] = []
    const pairs = keep(new cv.DMatchVectorVector())
    const matcher = keep(new cv.BFMatcher(cv.NORM_HAMMING, false))
    matcher.knnMatch(keep(descriptorsOf(cv, template)), keep(descriptorsOf(cv, page)), pairs, 2)
    for (let index = 0; index < pairs.size(); index++) {
      const pair = pairs.get(index)
      const best = pair.get(0)
      const second = pair.get(1)
      if (best && second && best.distance < distinctness * second.distance) {
        from.push(template.points[2 * best.queryIdx]!, template.points[2 * best.queryIdx + 1]!)
        to.push(page.points[2 * best.trainIdx]!, page.points[2 * best.trainIdx + 1]!)
      }
      pair.delete()
    }
    const count = from.length / 2
    if (count < leastMatches) return null
    const inlierMask = keep(new cv.Mat())
    const source = keep(cv.matFromArray(count, 1, cv.CV_32FC2, from))
    const target = keep(cv.matFromArray(count, 1, cv.CV_32FC2, to))
    const matrix: Mat = keep(cv.findHomography(source, target, cv.RANSAC, tolerance, inlierMask, 4000, 0.999))
    if (matrix.rows !== 3) return null
    return { transform: Array.from(matrix.data64F) as Homography, agreement: cv.countNonZero(inlierMask) }
  })
}

function descriptorsOf(cv: Cv, { descriptors }: Keypoints): Mat {
  const mat = new cv.Mat(descriptors.length / 32, 32, cv.CV_8UC1)
  mat.data.set(descriptors)
  return mat
}
