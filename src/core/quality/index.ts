/** Quality: which imported labels are wrong, what may be accepted unseen, and how the project does. */
export { findSuspects, suspectsState, type FindControl } from './find'
export { listSuspects, type ListRequest } from './list'
