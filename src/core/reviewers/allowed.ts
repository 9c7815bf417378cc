/** What a reviewer who came in by a link may do: review. Files, projects, models and exports stay the owner's. */
import type { EndpointName } from '../../shared/contract'

const allowed: ReadonlySet<EndpointName> = new Set<EndpointName>([
  'app.info',
  'app.preferences',
  'app.setPreference',
  'project.info',
  'runs.current',
  'models.list',
  'engine.report',
  'confidence.histogram',
  'fields.ids',
  'fields.names',
  'fields.rows',
  'fields.detail',
  'review.decide',
  'review.takeIn',
  'review.undo',
  'review.redo',
  'review.rotate',
  'review.typing',
  'review.pace',
  'history.acts',
  'history.undoTo',
  'acceptance.state',
  'review.lease',
  'team.list',
  'second.rounds',
  'second.queue',
  'second.rows',
  'second.key'
])

/** Areas whose reading endpoints a reviewer needs; what writes in them is listed above or not allowed. */
const readable = [/^names\./, /^lexicon\.complete$/, /^pages\.(list|detail|get|counts)$/, /^templates\.(list|get)$/]

export const reviewerMay = (name: string): boolean =>
  allowed.has(name as EndpointName) || readable.some((pattern) => pattern.test(name))
