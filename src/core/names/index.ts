/**
 * The grid by name: fields that say the same text, in groups. A group is worth the fields that one confirmation would settle:
 * each undecided field counts with the probability that its reading is right, one that was not read with a half, and one whose
 * imported label says otherwise half of that.
 */
import { needsALookBelow, type NameGroup, type NamesOrder, type NamesShown } from '../../shared/contract/names'
import { fold, type ReadOnlyDatabase } from '../store'
import { lastInk } from '../store/ink'
import { decidedStates } from '../store/states'

const sizes: Record<NamesShown, string> = { undecided: 'undecided', decided: 'decided', all: 'undecided + decided' }
const fieldsShown: Record<NamesShown, string> = {
  undecided: `status = 'undecided'`,
  decided: `status IN ${decidedStates}`,
  all: '1'
}

/** Ids of the groups that have such fields, in order; a search is for a part of the text. */
export function groupIds(
  db: ReadOnlyDatabase,
  { shown, order, search }: { shown: NamesShown; order: NamesOrder; search?: string | undefined }
): number[] {
  const size = sizes[shown]
  const orders: Record<NamesOrder, string> = { worth: `worth DESC, ${size} DESC`, size: `${size} DESC`, name: 'folded' }
  const sought = fold(search?.trim() ?? '')
  const found = sought === '' ? '' : 'AND instr(folded, ?) > 0'
  return db
    .prepare<string[], number>(`SELECT id FROM names WHERE ${size} > 0 ${found} ORDER BY ${orders[order]}, id`)
    .pluck()
    .all(...(sought === '' ? [] : [sought]))
}

/** The groups with these ids, in their order; an id that is none gives none. */
export const groupRows = (db: ReadOnlyDatabase, ids: readonly number[]): NameGroup[] =>
  db
    .prepare<[string], NameGroup>(
      `SELECT names.id, names.text, names.undecided, names.decided, names.worth / 1000.0 AS worth
       FROM json_each(?) wanted JOIN names ON names.id = wanted.value ORDER BY wanted.key`
    )
    .all(JSON.stringify(ids))

/**
 * A group's fields: the undecided ones first, worst fit first: those whose imported label says otherwise, then those that were
 * not read, then by confidence; ties in file order. The first `needALook` should be looked at.
 */
export function groupMembers(
  db: ReadOnlyDatabase,
  { id, shown }: { id: number; shown: NamesShown }
): { ids: number[]; undecided: number; needALook: number; ink: number } {
  const ink = lastInk(db)
  const members = db
    .prepare<[number, number], [number, 0 | 1, 0 | 1]>(
      `SELECT id, status = 'undecided', status = 'undecided' AND (differs OR coalesce(confidence, 0) < ?)
       FROM fields INDEXED BY fields_by_name WHERE name_id = ? AND ${fieldsShown[shown]}
       ORDER BY ${shown === 'all' ? `status <> 'undecided', ` : ''}differs DESC, confidence, position, id`
    )
    .raw()
    .all(needsALookBelow, id)
  return {
    ids: members.map(([field]) => field),
    undecided: members.reduce((sum, [, open]) => sum + open, 0),
    needALook: members.reduce((sum, [, , doubt]) => sum + doubt, 0),
    ink
  }
}
