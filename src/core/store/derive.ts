import type { FieldStatus, LabelOrigin, LabelState } from '../../shared/domain'
import { labelOfKind, type DecisionKind } from '../../shared/states'
import { calibrator, type Calibrator } from '../confidence/calibration'
import { comparable, fold, knownCharacters } from './compare'
import type { Database, ReadOnlyDatabase } from './handle'
import { countChange } from './ink'
import { nameIds, nameOf } from './names'
import { indexTexts } from './search'
import type { PageStatus } from '../../shared/forms'
import { removedStatus, sourceIsRemoved } from './removals'
import { reading, writing } from './statements'

/** What a field's derived columns follow from. */
export interface Evidence {
  path: string
  sourceStatus: 'ok' | 'failed' | 'missing'
  /** 1: a person took its file out of the project. */
  removed?: 0 | 1
  /** Of the page it lies on; null for a field that is a whole file. */
  pageStatus?: PageStatus | null
  /** 1 for a field of a page that does not lie on it now. */
  offPage?: 0 | 1
  /** Probability that nothing is written in it; null where it is not known. */
  blank?: number | null
  imported: string | null
  importedState: LabelState | null
  readingId: number | null
  readingStatus: 'ok' | 'failed' | null
  readingText: string | null
  readingConfidence: number | null
  decisionId: number | null
  decisionKind: DecisionKind | null
  decisionText: string | null
}

/** The derived columns of `fields`. */
export interface Derived {
  status: FieldStatus | typeof removedStatus
  text: string | null
  origin: LabelOrigin
  differs: 0 | 1
  readingId: number | null
  confidence: number | null
  decisionId: number | null
  search: string
  /** The text it stands under in the grid by name. */
  name: string | null
}

/** Rows at a time: bounds the memory, not the transaction. */
const chunkSize = 2000

const selectEvidence = `
  SELECT f.id, coalesce(r.model_id, f.model_id, @model) AS modelId, s.path, s.status AS sourceStatus, ${sourceIsRemoved('s')} AS removed, p.status AS pageStatus, f.page_id IS NOT NULL AND f.quad IS NULL AS offPage, f.blank, f.imported, f.imported_state AS importedState,
    r.id AS readingId, r.status AS readingStatus, r.text AS readingText, r.confidence AS readingConfidence, r.features AS readingFeatures,
    d.id AS decisionId, d.kind AS decisionKind, d.text AS decisionText,
    f.status AS oldStatus, f.text AS oldText, f.origin AS oldOrigin, f.differs AS oldDiffers, f.reading_id AS oldReadingId,
    f.confidence AS oldConfidence, f.decision_id AS oldDecisionId, f.search AS oldSearch, f.name_id AS oldNameId, f.text_as_of AS oldTextAsOf
  FROM fields f JOIN sources s ON s.id = f.source_id
  LEFT JOIN pages p ON p.id = f.page_id
  LEFT JOIN readings r ON r.id = (
    -- by its model; until that has read it, by the generation of the same reader that read it last
    SELECT some.id FROM models own JOIN readings some ON some.image_id = f.image_id JOIN models kin ON kin.id = some.model_id
    WHERE own.id = coalesce(f.model_id, @model) AND coalesce(kin.reader_id, kin.id) = coalesce(own.reader_id, own.id)
      AND (some.status = 'ok' OR kin.id = own.id)
    ORDER BY some.status = 'ok' DESC, kin.id = own.id DESC, some.read_at DESC, some.id DESC LIMIT 1)
  LEFT JOIN decisions d ON d.id = (
    SELECT own.id FROM decisions own
    WHERE own.field_id = f.id AND own.kind <> 'undone'
      AND NOT EXISTS (SELECT 1 FROM decisions void WHERE void.undoes = own.id)
      -- it counts for what it was made on, and nothing else
      AND own.content_id IS CASE WHEN f.page_id IS NULL THEN s.content_id ELSE p.content_id END
      AND NOT EXISTS (SELECT 1 FROM uncovered WHERE decision_id = own.id)
    ORDER BY own.id DESC LIMIT 1)`

type Row = Evidence & {
  id: number
  /** Of the model that reads it. */
  modelId: number | null
  readingFeatures: string | null
  oldStatus: string
  oldText: string | null
  oldOrigin: string
  oldDiffers: number
  oldReadingId: number | null
  oldConfidence: number | null
  oldDecisionId: number | null
  oldSearch: string
  oldNameId: number | null
  oldTextAsOf: number
}

/**
 * Brings the derived columns of fields in line with decisions, imported labels and the readings of the model that each is
 * read by: its own, else the current one, or as long as that has not read it, an earlier generation of it. The only
 * writer of these columns; call it inside the transaction that changed something. Rows that stay as they are cost no write.
 * @param currentModel `models.id` of the project's model, or null
 */
export function deriveFields(
  db: Database,
  which: { fieldIds: number[] } | { imageIds: number[] } | 'all',
  currentModel: number | null
): void {
  const charsets = new Map<number | null, ReadonlySet<string>>()
  const knownTo = (model: number | null): ReadonlySet<string> => {
    const known = charsets.get(model) ?? charsetOf(db, model)
    charsets.set(model, known)
    return known
  }
  const calibrate = calibrator(db)
  const nameId = nameIds(db)
  const update = writing(
    db,
    `UPDATE fields SET status = @status, text = @text, origin = @origin, differs = @differs, reading_id = @readingId,
       confidence = @confidence, decision_id = @decisionId, search = @search, name_id = @nameId, text_as_of = @textAsOf WHERE id = @id`
  )
  let change: number | null = null
  for (const rows of evidenceOf(db, which, currentModel)) {
    const texts: { id: number; before: string; after: string }[] = []
    for (const row of rows) {
      const { name, ...derived } = derive(withShownConfidence(row, calibrate(row.modelId)), knownTo(row.modelId))
      const stored = { ...derived, nameId: nameId(name) }
      if (!hasChanged(row, stored)) continue
      const textAsOf = isOtherText(row, stored) ? (change ??= countChange(db)) : row.oldTextAsOf
      update.run({ id: row.id, ...stored, textAsOf })
      if (row.oldSearch !== stored.search) texts.push({ id: row.id, before: row.oldSearch, after: stored.search })
    }
    indexTexts(db, texts)
  }
}

/** With the project's own calibration in place of the model's, where there is one. */
function withShownConfidence(row: Row, calibrate: Calibrator | null): Row {
  const { readingConfidence: confidence, readingText: text, readingFeatures: features } = row
  if (!calibrate || confidence === null || text === null) return row
  return { ...row, readingConfidence: calibrate({ confidence, text, features }) }
}

/** Latest valid decision, else imported label, else reading; see the words `label` and `status`. */
export function derive(evidence: Evidence, known: ReadonlySet<string>): Derived {
  if (evidence.removed === 1) return hidden
  const isRead = evidence.readingStatus === 'ok'
  // A blank field is proposed as an empty text, whatever a model makes of its specks.
  const blank = proposedBlank(evidence.blank)
  const reading = blank !== null ? '' : isRead ? (evidence.readingText ?? '') : null
  const label = labelOf(evidence, reading)
  const parts = [label.text, reading, evidence.imported, evidence.path].filter((part) => part !== null && part !== '')
  const status = statusOf(evidence, isRead)
  const different = reading !== null && differs(evidence, reading, known) ? 1 : 0
  return {
    ...label,
    status,
    differs: different,
    readingId: isRead ? evidence.readingId : null,
    confidence: blank ?? (isRead ? evidence.readingConfidence : null),
    decisionId: evidence.decisionId,
    search: [...new Set(parts.map((part) => fold(part!)))].join('\n'),
    name: nameOf({ ...evidence, status, text: label.text, differs: different, reading })
  }
}

/** Found by nothing that looks for a reading, a label, a decision or a name. */
const hidden: Derived = {
  status: removedStatus,
  text: null,
  origin: 'none',
  differs: 0,
  readingId: null,
  confidence: null,
  decisionId: null,
  search: '',
  name: null
}

function labelOf(evidence: Evidence, reading: string | null): { text: string | null; origin: LabelOrigin } {
  const { decisionKind, decisionText, importedState, imported } = evidence
  if (decisionKind !== null)
    return labelOfKind(decisionKind) === null
      ? { text: null, origin: 'none' }
      : { text: decisionText, origin: 'decision' }
  if (importedState !== null) return { text: importedState === 'text' ? imported : null, origin: 'imported' }
  return reading === null ? { text: null, origin: 'none' } : { text: reading, origin: 'reading' }
}

/** The probability that a field is blank where that is the likelier, else null. */
export const proposedBlank = (blank: number | null | undefined): number | null =>
  blank !== null && blank !== undefined && blank >= 0.5 ? blank : null

/** A field stays here where a decision on it was undone: its page shows it no more. */
const withoutFields: readonly (PageStatus | null | undefined)[] = ['unmatched', 'discarded', 'failed']

function statusOf(evidence: Evidence, isRead: boolean): FieldStatus {
  if (evidence.decisionKind !== null) return evidence.decisionKind
  if (evidence.offPage === 1 || withoutFields.includes(evidence.pageStatus)) return 'failed'
  const unreadable = evidence.sourceStatus !== 'ok' || evidence.readingStatus === 'failed'
  return unreadable && !isRead ? 'failed' : 'undecided'
}

function differs({ imported, importedState }: Evidence, reading: string, known: ReadonlySet<string>): boolean {
  if (importedState === null) return false
  if (importedState !== 'text') return reading !== ''
  return comparable(imported ?? '', known) !== comparable(reading, known)
}

/** A decision says by itself when it was made. */
const isOtherText = (row: Row, { decisionId, text }: Pick<Derived, 'decisionId' | 'text'>): boolean =>
  row.oldText !== text && row.oldDecisionId === decisionId

const hasChanged = (row: Row, derived: Omit<Derived, 'name'> & { nameId: number | null }): boolean =>
  row.oldStatus !== derived.status ||
  row.oldText !== derived.text ||
  row.oldOrigin !== derived.origin ||
  row.oldDiffers !== derived.differs ||
  row.oldReadingId !== derived.readingId ||
  row.oldConfidence !== derived.confidence ||
  row.oldDecisionId !== derived.decisionId ||
  row.oldSearch !== derived.search ||
  row.oldNameId !== derived.nameId

function* evidenceOf(
  db: ReadOnlyDatabase,
  which: { fieldIds: number[] } | { imageIds: number[] } | 'all',
  model: number | null
): Generator<Row[]> {
  if (which === 'all') {
    const next = reading<[object], Row>(db, `${selectEvidence} WHERE f.id > @after ORDER BY f.id LIMIT ${chunkSize}`)
    for (let rows = next.all({ model, after: 0 }); rows.length; rows = next.all({ model, after: rows.at(-1)!.id })) {
      yield rows
    }
    return
  }
  const [column, ids] = 'fieldIds' in which ? ['f.id', which.fieldIds] : ['f.image_id', which.imageIds]
  const some = reading<[object], Row>(db, `${selectEvidence} WHERE ${column} IN (SELECT value FROM json_each(@ids))`)
  for (let start = 0; start < ids.length; start += chunkSize) {
    yield some.all({ model, ids: JSON.stringify(ids.slice(start, start + chunkSize)) })
  }
}

/** The characters that the stored model can write; none where there is no model. */
function charsetOf(db: ReadOnlyDatabase, model: number | null): ReadonlySet<string> {
  if (model === null) return new Set()
  const manifest = reading<[number], string>(db, 'SELECT manifest FROM models WHERE id = ?').pluck().get(model)
  const { charset } = JSON.parse(manifest ?? '{}') as { charset?: unknown }
  return knownCharacters(Array.isArray(charset) ? charset.filter((character) => typeof character === 'string') : [])
}
