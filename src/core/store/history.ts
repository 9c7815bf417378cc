import type { HistoryEntry } from '../../shared/domain'
import type { ReadOnlyDatabase } from './handle'
import { reading } from './statements'

// One part for each thing that can happen to a field; `step` settles the order of what has the same time.
const selectHistory = `
  SELECT s.added_at AS at, 'imported' AS what, s.path AS text, s.status AS kind, NULL AS who, 0 AS step, 0 AS number, 0 AS random
    FROM fields f JOIN sources s ON s.id = f.source_id WHERE f.id = @id
  UNION ALL
  SELECT runs.started_at, 'label', l.text, l.state, l.file, 1, l.id, 0
    FROM labels l JOIN runs ON runs.id = l.run_id WHERE l.field_id = @id
  UNION ALL
  SELECT t.at, 'rotated', NULL, (t.turns * 90) || '°', NULL, 2, t.id, 0 FROM rotations t WHERE t.field_id = @id
  UNION ALL
  -- of a field that is proposed to be blank, whatever a model makes of its specks: see derive
  SELECT r.read_at, 'read', CASE WHEN f.blank >= 0.5 THEN '' ELSE coalesce(r.text, r.reason) END, r.status, m.name, 3, r.id, 0
    FROM fields f JOIN readings r ON r.image_id = f.image_id JOIN models m ON m.id = r.model_id WHERE f.id = @id
  UNION ALL
  SELECT d.at, CASE d.kind WHEN 'undone' THEN 'undone' ELSE 'decided' END, coalesce(d.text, d.note),
    CASE d.kind WHEN 'undone' THEN (SELECT void.kind FROM decisions void WHERE void.id = d.undoes) ELSE d.kind END,
    d.reviewer, 4, d.id, EXISTS (SELECT 1 FROM arrivals WHERE decision_id = d.id AND came = 'random')
    FROM decisions d WHERE d.field_id = @id
  ORDER BY at, step, number`

/** All that happened to a field, oldest first; `kind` of an undone decision is what it had been. */
export const readHistory = (db: ReadOnlyDatabase, id: number): HistoryEntry[] =>
  reading<[object], Omit<HistoryEntry, 'random'> & { random: number }>(
    db,
    `SELECT at, what, text, kind, who, random FROM (${selectHistory})`
  )
    .all({ id })
    .map((entry) => ({ ...entry, random: entry.random === 1 }))
