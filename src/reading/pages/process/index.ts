/** The process in which files become pages, and pages fields. */
export { createPagesClient, type PagesClient, type PagesOptions } from './client'
export type {
  CutField,
  PageJob,
  PageOutcome,
  PagesReply,
  PagesRequest,
  Placing,
  ProcessTemplate,
  SpawnPages
} from './protocol'
