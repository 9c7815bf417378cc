import type { namesEndpoints } from '../../shared/contract/names'
import { groupIds, groupMembers, groupRows } from '../names'
import { db } from './shared'
import type { HandlersOf } from './types'

export const namesHandlers: HandlersOf<keyof typeof namesEndpoints> = {
  'names.groups': (context, input) => ({ ids: groupIds(db(context), input) }),
  'names.rows': (context, { ids }) => ({ rows: groupRows(db(context), ids) }),
  'names.members': (context, input) => groupMembers(db(context), input)
}
