/** Long operations of a project: progress, pause, cancel, going on; stages that work off what waits in the store. */
export type { Job, JobControl } from './job'
export { Jobs, type Arrivals, type Kind, type Started } from './jobs'
export type { Control } from './quick'
export { workOff, type Stage } from './stage'
export { cutOffJobs, findJob, interruptOrphans, jobsOfKind, lastJobOfKind, type StoredJob } from '../store/jobs'
