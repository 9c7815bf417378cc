import type { FieldRow } from '../../shared/domain'
import { NominaError } from '../failure'
import { currentModelId, type ReadOnlyDatabase } from '../store'

type StoredRow = Omit<
  FieldRow,
  'differs' | 'calibrated' | 'characters' | 'alternatives' | 'imageVersion' | 'width' | 'height'
> & {
  differs: number
  calibrated: number | null
  characters: string | null
  alternatives: string | null
  sha256: string | null
  width: number | null
  height: number | null
}

const selectRows = `
  SELECT f.id, s.path AS file, f.page, f.name AS field, f.page_id AS pageId, f.blank, f.status, f.text, f.origin, f.imported,
    f.imported_state AS importedState, f.differs, r.text AS reading, f.confidence, r.calibrated, r.characters,
    r.alternatives, i.width, i.height, f.rotation, s.sha256,
    CASE WHEN f.status = 'failed' THEN coalesce(s.reason, failed.reason, 'There is no reading.') ELSE d.note END AS note,
    m.name AS model, d.reviewer, d.at AS decidedAt
  FROM json_each(@ids) wanted
  JOIN fields f ON f.id = wanted.value
  JOIN sources s ON s.id = f.source_id
  LEFT JOIN images i ON i.id = f.image_id
  LEFT JOIN readings r ON r.id = f.reading_id
  LEFT JOIN readings failed ON failed.image_id = f.image_id AND failed.model_id = @model AND failed.status = 'failed'
  LEFT JOIN models m ON m.id = r.model_id
  LEFT JOIN decisions d ON d.id = f.decision_id
  ORDER BY wanted.key`

/** The rows of these fields, in the order of the ids; an id that is no field gives none. */
export function readRows(db: ReadOnlyDatabase, ids: readonly number[]): FieldRow[] {
  const model = currentModelId(db)
  return db
    .prepare<object, StoredRow>(selectRows)
    .all({ ids: JSON.stringify(ids), model })
    .map(toRow)
}

/** @throws NominaError('not-found') */
export function readRow(db: ReadOnlyDatabase, id: number): FieldRow {
  const [row] = readRows(db, [id])
  if (!row) throw new NominaError('not-found', `There is no field with the number ${id}.`)
  return row
}

function toRow({ sha256, ...stored }: StoredRow): FieldRow {
  return {
    ...stored,
    differs: stored.differs === 1,
    calibrated: stored.calibrated === 1,
    characters: JSON.parse(stored.characters ?? '[]') as FieldRow['characters'],
    alternatives: JSON.parse(stored.alternatives ?? '[]') as FieldRow['alternatives'],
    width: stored.width ?? 0,
    height: stored.height ?? 0,
    imageVersion: `${sha256?.slice(0, 16) ?? 'none'}-${stored.page}-${stored.rotation}`
  }
}
