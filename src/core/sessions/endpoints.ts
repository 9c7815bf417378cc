/** Every endpoint's handler, from beside its feature: exhaustive at compile time. Inputs arrive validated. */
import type { AppEndpoint, ProjectEndpoint } from '../../shared/contract'
import { calibrationHandlers } from '../confidence/handlers'
import { exportHandlers } from '../export/handlers'
import { formsHandlers } from '../forms/handlers'
import { ingestAppHandlers, ingestHandlers, removalHandlers } from '../ingest/handlers'
import { learningAppHandlers, learningHandlers } from '../learning/handlers'
import { lexiconHandlers } from '../lexicon/handlers'
import { modelsAppHandlers, modelsHandlers } from '../models/handlers'
import { namesHandlers } from '../names/handlers'
import type { AppHandlers, ProjectHandlers } from '../project'
import { datasetHandlers } from '../quality/figures/handlers'
import { qualityHandlers } from '../quality/handlers'
import { reviewHandlers } from '../review/handlers'
import { reviewersHandlers } from '../reviewers/handlers'
import { jobsHandlers } from './jobs'
import { appOwnHandlers, projectOwnHandlers } from './handlers'
import { updatesHandlers } from './updates'

export const appHandlers: AppHandlers<AppEndpoint> = {
  ...appOwnHandlers,
  ...updatesHandlers,
  ...ingestAppHandlers,
  ...modelsAppHandlers,
  ...learningAppHandlers
}

export const projectHandlers: ProjectHandlers<ProjectEndpoint> = {
  ...projectOwnHandlers,
  ...ingestHandlers,
  ...removalHandlers,
  ...jobsHandlers,
  ...modelsHandlers,
  ...learningHandlers,
  ...reviewHandlers,
  ...exportHandlers,
  ...datasetHandlers,
  ...formsHandlers,
  ...lexiconHandlers,
  ...namesHandlers,
  ...qualityHandlers,
  ...calibrationHandlers,
  ...reviewersHandlers
}
