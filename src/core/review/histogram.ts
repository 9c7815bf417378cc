import { calibrationOf } from '../confidence/calibration'
import { currentModelId, type ReadOnlyDatabase } from '../store'

export interface Histogram {
  /** Fields per bin of equal width, the first from confidence 0, the last including 1. */
  bins: number[]
  read: number
  calibrated: boolean
}

/** How the confidences of the current model's readings are spread over the whole project. */
export function confidenceHistogram(db: ReadOnlyDatabase, bins: number): Histogram {
  // Counted along the index, bin by bin: to tell each field's bin would take ten times as long.
  const upTo = db
    .prepare<[number], number>('SELECT count(*) FROM fields INDEXED BY fields_by_confidence WHERE confidence < ?')
    .pluck()
  const within = db
    .prepare<[number, number], number>(
      'SELECT count(*) FROM fields INDEXED BY fields_by_confidence WHERE confidence >= ? AND confidence < ?'
    )
    .pluck()
  const spread = Array.from({ length: bins }, (_, bin) => {
    const end = bin === bins - 1 ? Infinity : (bin + 1) / bins
    return bin === 0 ? upTo.get(end)! : within.get(bin / bins, end)!
  })
  const calibrated = db
    .prepare<[], number>(
      `SELECT r.calibrated FROM fields f INDEXED BY fields_by_confidence JOIN readings r ON r.id = f.reading_id
       WHERE f.confidence IS NOT NULL LIMIT 1`
    )
    .pluck()
    .get()
  return {
    bins: spread,
    read: spread.reduce((sum, count) => sum + count, 0),
    calibrated: calibrated === 1 || calibrationOf(db, currentModelId(db)) !== null
  }
}
