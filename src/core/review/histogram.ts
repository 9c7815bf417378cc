import { calibrationOf } from '../confidence/calibration'
import { currentModelId, type ReadOnlyDatabase } from '../store'
import { isCalibrated } from '../store/confidences'
import { confidencesIn } from '../store/numbers'

export interface Histogram {
  /** Fields per bin of equal width, the first from confidence 0, the last including 1. */
  bins: number[]
  read: number
  calibrated: boolean
}

/** How the confidences of the current model's readings are spread over the whole project. */
export function confidenceHistogram(db: ReadOnlyDatabase, bins: number): Histogram {
  const spread = confidencesIn(db, bins)
  return {
    bins: spread,
    read: spread.reduce((sum, count) => sum + count, 0),
    calibrated: isCalibrated(db) || calibrationOf(db, currentModelId(db)) !== null
  }
}
