/** The process in which files become pages, and pages fields. */
export { askFiles, askForPicture, openPictures, warmUpPictures } from './files'
export { createPagesClient, type PagesClient } from './client'
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
