/**
 * The grid by name: fields that say the same text, in groups. A group is worth the fields that one confirmation would settle:
 * each undecided field counts with the probability that its reading is right, one that was not read with a half, and one whose
 * imported label says otherwise half of that.
 */
import { needsALookBelow, type NameGroup, type NamesOrder, type NamesShown } from '../../shared/contract/names'
import { fold, type ReadOnlyDatabase } from '../store'
import { lastDecision } from '../store/decided'
import { lastInk } from '../store/ink'
import { decidedStates } from '../store/states'

/** Of all fields, or of those of one name on the form. */
interface OnForm {
  field?: string | undefined
}

const sizes: Record<NamesShown, string> = { undecided: 'undecided', decided: 'decided', all: 'undecided + decided' }
const fieldsShown: Record<NamesShown, string> = {
  undecided: `status = 'undecided'`,
  decided: `status IN ${decidedStates}`,
  all: '1'
}

/** Groups as they are counted: over all fields, or over those of one name on the form. */
const groupsOf = (field: string | undefined, only = false): string =>
  field === undefined
    ? 'names'
    : `(SELECT names.id, names.text, names.folded, sum(f.status = 'undecided') AS undecided, sum(f.status <> 'undecided') AS decided,
          sum(iif(f.status = 'undecided', round(1000.0 * coalesce(f.confidence, 0.5) / (1 + f.differs)), 0)) AS worth
        FROM fields f JOIN names ON names.id = f.name_id WHERE f.name = @field ${only ? 'AND f.name_id IN (SELECT value FROM json_each(@ids))' : ''} GROUP BY names.id)`

/** Ids of the groups that have such fields, in order; a search is for a part of the text. */
export function groupIds(
  db: ReadOnlyDatabase,
  { shown, order, search, field }: { shown: NamesShown; order: NamesOrder; search?: string | undefined } & OnForm
): number[] {
  const size = sizes[shown]
  const orders: Record<NamesOrder, string> = { worth: `worth DESC, ${size} DESC`, size: `${size} DESC`, name: 'folded' }
  const sought = fold(search?.trim() ?? '')
  const found = sought === '' ? '' : 'AND instr(folded, @sought) > 0'
  return db
    .prepare<object, number>(
      `SELECT id FROM ${groupsOf(field)} WHERE ${size} > 0 ${found} ORDER BY ${orders[order]}, id`
    )
    .pluck()
    .all({ ...(sought !== '' && { sought }), ...(field !== undefined && { field }) })
}

/** The groups with these ids, in their order; an id that is none gives none. */
export const groupRows = (db: ReadOnlyDatabase, ids: readonly number[], { field }: OnForm = {}): NameGroup[] =>
  db
    .prepare<object, NameGroup>(
      `SELECT g.id, g.text, g.undecided, g.decided, g.worth / 1000.0 AS worth
       FROM json_each(@ids) wanted JOIN ${groupsOf(field, true)} g ON g.id = wanted.value ORDER BY wanted.key`
    )
    .all({ ids: JSON.stringify(ids), ...(field !== undefined && { field }) })

/**
 * A group's fields: the undecided ones first, worst fit first: those whose imported label says otherwise, then those that were
 * not read, then by confidence; ties in file order. The first `needALook` should be looked at.
 */
export function groupMembers(
  db: ReadOnlyDatabase,
  { id, shown, field }: { id: number; shown: NamesShown } & OnForm
): { ids: number[]; undecided: number; needALook: number; ink: number; asOf: number } {
  const ink = lastInk(db)
  const asOf = lastDecision(db)
  const members = db
    .prepare<object, [number, 0 | 1, 0 | 1]>(
      `SELECT id, status = 'undecided', status = 'undecided' AND (differs OR coalesce(confidence, 0) < @below)
       FROM fields INDEXED BY fields_by_name WHERE name_id = @id AND ${fieldsShown[shown]} ${field === undefined ? '' : 'AND name = @field'}
       ORDER BY ${shown === 'all' ? `status <> 'undecided', ` : ''}differs DESC, confidence, position, id`
    )
    .raw()
    .all({ below: needsALookBelow, id, ...(field !== undefined && { field }) })
  return {
    ids: members.map(([field]) => field),
    undecided: members.reduce((sum, [, open]) => sum + open, 0),
    needALook: members.reduce((sum, [, , doubt]) => sum + doubt, 0),
    ink,
    asOf
  }
}
