import type { namesEndpoints } from '../../shared/contract/names'
import type { ProjectHandlers } from '../project'
import { groupIds, groupMembers, groupRows } from '.'
import { similarNames } from './similar'

export const namesHandlers: ProjectHandlers<keyof typeof namesEndpoints> = {
  'names.groups': ({ db }, input) => ({ ids: groupIds(db, input) }),
  'names.rows': ({ db }, { ids, ...onForm }) => ({ rows: groupRows(db, ids, onForm) }),
  'names.members': ({ db }, input) => groupMembers(db, input),
  'names.similar': ({ db }, { text, limit }) => ({ names: similarNames(db, text, limit) })
}
