import type { FieldRow } from '../../shared/domain'
import { NominaError } from '../../shared/failure'
import { currentModelId, getSetting, type ReadOnlyDatabase } from '../store'
import { isShown } from '../store/removals'
import { earlierDecision } from '../store/reopened'
import { reading } from '../store/statements'

type StoredRow = Omit<
  FieldRow,
  'differs' | 'calibrated' | 'characters' | 'alternatives' | 'earlier' | 'imageVersion' | 'width' | 'height'
> & {
  differs: number
  calibrated: number | null
  characters: string | null
  alternatives: string | null
  earlier: string | null
  sha256: string | null
  modelId: number | null
  width: number | null
  height: number | null
}

const selectRows = `
  SELECT f.id, s.path AS file, f.page, f.name AS field, f.page_id AS pageId, f.blank, f.status, f.text, f.origin, f.imported,
    f.imported_state AS importedState, f.differs, f.confidence,
    -- a field that is proposed to be blank: see derive
    CASE WHEN f.blank >= 0.5 THEN '' ELSE r.text END AS reading,
    CASE WHEN f.blank >= 0.5 THEN 1 ELSE r.calibrated END AS calibrated,
    CASE WHEN f.blank >= 0.5 THEN '[]' ELSE r.characters END AS characters,
    CASE WHEN f.blank >= 0.5 THEN '[]' ELSE r.alternatives END AS alternatives,
    i.width, i.height, f.rotation, f.ink, f.text_as_of AS textAsOf, CASE WHEN f.page_id IS NULL THEN s.sha256 ELSE i.sha256 END AS sha256, r.model_id AS modelId,
    CASE WHEN f.status = 'failed'
      THEN coalesce(p.reason, CASE p.status WHEN 'discarded' THEN 'Its page was discarded.' END, s.reason,
        CASE WHEN f.page_id IS NULL OR f.quad IS NOT NULL THEN NULL
          WHEN p.status = 'pending' THEN 'Its page shows something else now and waits to be looked at again.'
          ELSE 'It is not on its page any more.' END,
        failed.reason, 'There is no reading.')
      ELSE d.note END AS note,
    m.name AS model, d.reviewer, d.at AS decidedAt,
    CASE WHEN f.decision_id IS NULL THEN (SELECT json_object('kind', kind, 'text', text, 'reviewer', reviewer, 'at', at) FROM decisions
      WHERE id = ${earlierDecision('f')}) END AS earlier
  FROM json_each(@ids) wanted
  JOIN fields f ON f.id = wanted.value AND ${isShown('f')}
  JOIN sources s ON s.id = f.source_id
  LEFT JOIN pages p ON p.id = f.page_id
  LEFT JOIN images i ON i.id = f.image_id
  LEFT JOIN readings r ON r.id = f.reading_id
  LEFT JOIN readings failed ON failed.image_id = f.image_id AND failed.model_id = coalesce(f.model_id, @model) AND failed.status = 'failed'
  LEFT JOIN models m ON m.id = r.model_id
  LEFT JOIN decisions d ON d.id = f.decision_id
  ORDER BY wanted.key`

/** The rows of these fields, in the order of the ids; an id that is no field gives none. */
export function readRows(db: ReadOnlyDatabase, ids: readonly number[]): FieldRow[] {
  const model = currentModelId(db)
  const kept = getSetting(db, 'calibration')
  return reading<[object], StoredRow>(db, selectRows)
    .all({ ids: JSON.stringify(ids), model })
    .map((row) => withCalibration(toRow(row), kept !== null && kept.model === row.modelId))
}

/** @throws NominaError('not-found') */
export function readRow(db: ReadOnlyDatabase, id: number): FieldRow {
  const [row] = readRows(db, [id])
  if (!row) throw new NominaError('not-found', `There is no field with the number ${id}.`)
  return row
}

function toRow({ sha256, modelId: _, ...stored }: StoredRow): FieldRow {
  return {
    ...stored,
    differs: stored.differs === 1,
    calibrated: stored.calibrated === 1,
    characters: JSON.parse(stored.characters ?? '[]') as FieldRow['characters'],
    alternatives: JSON.parse(stored.alternatives ?? '[]') as FieldRow['alternatives'],
    earlier: JSON.parse(stored.earlier ?? 'null') as FieldRow['earlier'],
    width: stored.width ?? 0,
    height: stored.height ?? 0,
    imageVersion: `${sha256?.slice(0, 16) ?? 'none'}-${stored.page}-${stored.rotation}`
  }
}

/** Where the project has a calibration of its own, the alternatives follow the confidence that it gives the first. */
function withCalibration(row: FieldRow, calibrated: boolean): FieldRow {
  if (!calibrated || row.confidence === null) return row
  const { confidence, alternatives } = row
  const own = alternatives[0]?.probability ?? 1
  const share = own < 1 ? (1 - confidence) / (1 - own) : 1
  return {
    ...row,
    calibrated: true,
    alternatives: alternatives.map(({ text, probability }, index) => ({
      text,
      probability: index === 0 ? confidence : probability * share
    }))
  }
}
