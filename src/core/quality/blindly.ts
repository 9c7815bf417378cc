import type { Project } from '../project'
import { followAudit } from '.'

/** After a decision that was made blind: an audit may have ended a promise. */
export const followBlind = ({ db, events }: Pick<Project, 'db' | 'events'>): void =>
  events.emit('acceptance.changed', { broken: followAudit(db) })
