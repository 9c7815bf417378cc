/** Confidence: a probability that a text is right, and what it was checked on. */

export { followCalibration, calibrationState, fitProject, forgetProject } from './project'
export { reliabilityOf } from './reliability'
export { anytimeErrorRate, mcnemar, sequence, wilson, wrongAmongRest } from './statistics'
