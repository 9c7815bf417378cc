/** Quality: which imported labels are wrong, what may be accepted unseen, and what was written when. */
export {
  acceptanceState,
  applyRule,
  drawAudit,
  drawSample,
  finishCutOff,
  followAudit,
  readCurve,
  ruleState,
  undoRule
} from './acceptance'
export { listExports } from './exports'
export { findSuspects, suspectsState } from './find'
export { listSuspects } from './list'
