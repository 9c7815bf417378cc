/** Fields as an export sees them. */
import type { FieldStatus, LabelOrigin, LabelState, QuarterTurns } from '../../shared/domain'
import type { ReadOnlyDatabase } from './handle'
import { blankStates } from './states'

/** All that an export can say of a field. */
export interface ExportRow {
  id: number
  sourceId: number
  rootId: number
  /** Absolute. */
  rootPath: string
  /** Relative to the root, with `/`. */
  path: string
  page: number
  field: string
  imported: string | null
  importedState: LabelState | null
  reading: string | null
  confidence: number | null
  text: string | null
  origin: LabelOrigin
  status: FieldStatus
  reviewer: string | null
  decidedAt: string | null
  model: string | null
  sha256: string | null
  /** What its page shows, or its file where that is one image. */
  contentId: number | null
  /** sha256 of the crop of a field on a page that is not blank; else null. */
  crop: string | null
  /** sha256 of the image that is read, and its page in that; null where there is none. */
  picture: string | null
  pictureOf: number
  /** In file order. */
  position: number
  rotation: QuarterTurns
  /** 1 where nobody knows whether the decision was made on what the file shows now. */
  doubtful: 0 | 1
  /** 1 where the field is not the whole file. */
  shared: 0 | 1
  /** Of a field on a page: JSON of its four corners, how sure its place is, and whether it is empty; else null. */
  quad: string | null
  registration: number | null
  blank: number | null
}

/** Pages that are looked at side by side come to their fields in any order: a table goes by where the pages lie. */
export const orderedByPage = (db: ReadOnlyDatabase, ids: readonly number[]): number[] =>
  db
    .prepare<[string], number>(
      `SELECT f.id FROM json_each(?) wanted JOIN fields f ON f.id = wanted.value LEFT JOIN pages p ON p.id = f.page_id
       ORDER BY coalesce(p.position, f.position), f.source_id, f.page, wanted.key`
    )
    .pluck()
    .all(JSON.stringify(ids))

/** In the order of the ids. */
export const readExportRows = (db: ReadOnlyDatabase, ids: readonly number[]): ExportRow[] =>
  db
    .prepare<[string], ExportRow>(
      `SELECT f.id, f.source_id AS sourceId, s.root_id AS rootId, roots.path AS rootPath, s.path, f.page, f.name AS field, f.imported,
         f.imported_state AS importedState,
         CASE WHEN f.blank >= 0.5 THEN '' ELSE r.text END AS reading, f.confidence, f.text, f.origin, f.status, d.reviewer,
         d.at AS decidedAt, m.name AS model, s.sha256, f.rotation, f.position,
         i.sha256 AS picture, coalesce(i.page, 1) AS pictureOf,
         CASE WHEN f.page_id IS NULL THEN s.content_id ELSE p.content_id END AS contentId,
         CASE WHEN f.page_id IS NOT NULL AND coalesce(f.blank, 0) < 0.5 AND f.status NOT IN ${blankStates} THEN i.sha256 END AS crop,
         EXISTS (SELECT 1 FROM doubts WHERE decision_id = f.decision_id) AS doubtful,
         f.page_id IS NOT NULL
           OR EXISTS (SELECT 1 FROM fields other WHERE other.source_id = f.source_id AND other.id <> f.id) AS shared,
         f.quad, f.registration, f.blank
       FROM json_each(?) wanted
       JOIN fields f ON f.id = wanted.value
       JOIN sources s ON s.id = f.source_id
       JOIN roots ON roots.id = s.root_id
       LEFT JOIN pages p ON p.id = f.page_id
       LEFT JOIN images i ON i.id = f.image_id
       LEFT JOIN readings r ON r.id = f.reading_id
       LEFT JOIN models m ON m.id = r.model_id
       LEFT JOIN decisions d ON d.id = f.decision_id
       ORDER BY wanted.key`
    )
    .all(JSON.stringify(ids))
