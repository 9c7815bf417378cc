import type { RunKind } from '../../shared/domain'
import type { StartedKind } from '../../shared/job-kinds'
import { registering } from '../forms/stage'
import { importing } from '../ingest/job'
import type { Kind, Started } from '../jobs'
import { learning } from '../learning/job'
import type { Project } from '../project'
import { reading } from '../recognise/stage'

/** Every kind of job with a record, in the order in which work flows: exhaustive at compile time. */
export const kinds: Readonly<Record<RunKind, Kind<Project>> & Record<StartedKind, Started<Project>>> = {
  import: importing,
  pages: registering,
  recognise: reading,
  learn: learning
}
