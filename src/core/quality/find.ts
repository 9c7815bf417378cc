/** The search for wrong labels among all imported ones: a ranked list with its reasons, kept until the next search. */
import type { EvidenceKind, SuspectsState } from '../../shared/contract/quality'
import { NominaError, say } from '../../shared/failure'
import type { Model } from '../../reading/models'
import type { Control } from '../jobs'
import {
  currentModelId,
  getSetting,
  immediate,
  knownCharacters,
  readCounts,
  setSetting,
  type Database,
  type ReadOnlyDatabase
} from '../store'
import { latticesOf } from '../store/lattices'
import {
  countJudged,
  countLabelled,
  fieldsToJudgeAfter,
  newestLabel,
  newestReadingRun,
  type FieldToJudge
} from '../store/labelled'
import { learntOnes } from '../store/learnt'
import { storedManifest } from '../store/models'
import { dropSuspects, insertSuspects, type KindCount, type SearchMarks, type StoredSearch } from '../store/suspects'
import { judge, type Judged, type Surroundings } from './judge'
import { surveyLabels } from './labels'
import { languageOf } from './language'
import { parts, yielding } from '../store/slices'
import { findTwins } from './twins'

export interface FindControl extends Control {
  /** The model that the project is read with, where it is installed: it may bring a language model. */
  model?: Model | null
}

/** Without what only the app knows. */
type Found = Omit<SuspectsState, 'trainingKnown'>

/** From here on a label is more likely wrong than right. */
const THRESHOLD = 0.5
/** A model that agrees with the labels so much more often than on its own development fields has learnt from them. */
const SEEN_MARGIN = 0.08
const SEEN_FIELDS = 200
/** Fields at a time: some 10 ms. */
const SLICE = 100

/**
 * @returns the state after it
 * @throws NominaError('not-found') no imported labels, or no readings to hold them against; the signal's reason
 */
export async function findSuspects(
  db: Database,
  { model = null, signal, onProgress }: FindControl = {}
): Promise<Found> {
  const marks = marksOf(db)
  const total = countJudged(db)
  refuseNothing(marks, total)
  const { charset, exact } = modelOf(db)
  const characters = new Set(charset)
  const around: Surroundings = {
    charset: characters,
    known: knownCharacters(charset),
    labels: await surveyLabels(db, characters),
    lattices: new Map(),
    ...(await findTwins(db, signal)),
    language: languageOf(model)
  }
  const judged: Judged[] = []
  const isLearnt = learntOnes(db)
  let leftOut = 0
  for await (const all of fieldsToJudge(db, signal)) {
    // What a reader was trained on it reads as it was told, right or wrong.
    const rows = all.filter((row) => !isLearnt(row))
    leftOut += all.length - rows.length
    const doubted = rows.filter((row) => row.differs).map((row) => row.readingId)
    const lattices = latticesOf(db, doubted)
    around.lattices = new Map(
      rows.flatMap((row) => (lattices.has(row.readingId) ? [[row.id, lattices.get(row.readingId)!]] : []))
    )
    for (const row of rows) judged.push(judge(row, around))
    onProgress?.(judged.length + leftOut, total)
  }
  judged.sort((a, b) => b.probability - a.probability || a.id - b.id)
  await store(db, judged)
  const kept = { ...summarise(judged, marks, exact), leftOut }
  setSetting(db, 'suspects', kept)
  return suspectsState(db)
}

/** `running` is for the caller to say. */
export function suspectsState(db: ReadOnlyDatabase): Found {
  const kept = getSetting(db, 'suspects')
  const now = marksOf(db)
  if (!kept) return { ...nothingFound, labelled: now.labelled }
  const { marks, kinds: _, ...state } = kept
  return {
    ...state,
    leftOut: state.leftOut ?? 0,
    labelled: now.labelled,
    stale: JSON.stringify(marks) !== JSON.stringify(now),
    running: false
  }
}

const nothingFound: Found = {
  foundAt: null,
  stale: false,
  running: false,
  labelled: 0,
  judged: 0,
  expected: 0,
  likely: 0,
  threshold: THRESHOLD,
  selfConfidence: null,
  confident: 0,
  seen: false,
  leftOut: 0
}

function summarise(judged: Judged[], marks: SearchMarks, exactOfModel: number | null): Omit<StoredSearch, 'leftOut'> {
  const mean = judged.reduce((sum, { ofLabel }) => sum + ofLabel, 0) / Math.max(1, judged.length)
  const agreement = judged.filter(({ differs }) => !differs).length / Math.max(1, judged.length)
  return {
    foundAt: new Date().toISOString(),
    judged: judged.length,
    expected: judged.reduce((sum, { probability }) => sum + probability, 0),
    likely: judged.filter(({ probability }) => probability >= THRESHOLD).length,
    threshold: THRESHOLD,
    // Northcutt, Jiang & Chuang, "Confident Learning" (2021), with one pooled class: a text is its own class.
    selfConfidence: mean,
    confident: judged.filter(({ differs, confidence }) => differs && confidence >= mean).length,
    seen: exactOfModel !== null && judged.length >= SEEN_FIELDS && agreement > exactOfModel + SEEN_MARGIN,
    marks,
    kinds: kindsOf(judged)
  }
}

function kindsOf(judged: Judged[]): KindCount[] {
  const counts = new Map<EvidenceKind, number>()
  for (const { evidence } of judged) for (const { kind } of evidence) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count)
}

async function store(db: Database, judged: Judged[]): Promise<void> {
  immediate(db, () => {
    setSetting(db, 'suspects', null)
    dropSuspects(db)
  })
  let place = 0
  for await (const some of parts(db, judged, 2000)) {
    immediate(db, () => insertSuspects(db, place, some))
    place += some.length
  }
}

async function* fieldsToJudge(db: ReadOnlyDatabase, signal?: AbortSignal): AsyncGenerator<FieldToJudge[]> {
  let after = 0
  for await (const rows of yielding(db, () => fieldsToJudgeAfter(db, after, SLICE), signal)) {
    after = rows.at(-1)!.id
    yield rows
  }
}

const marksOf = (db: ReadOnlyDatabase): SearchMarks => ({
  model: currentModelId(db),
  run: newestReadingRun(db),
  read: readCounts(db).read,
  label: newestLabel(db),
  labelled: countLabelled(db)
})

function refuseNothing({ labelled }: SearchMarks, total: number): void {
  if (labelled === 0) throw new NominaError('not-found', say('noneLabelled'))
  if (total === 0) {
    throw new NominaError(
      'not-found',
      `None of the ${labelled} fields with an imported label has a reading. Let a model read them first.`
    )
  }
}

/** The current model's characters, and its share of exact readings on its own development fields where it tells. */
function modelOf(db: ReadOnlyDatabase): { charset: string[]; exact: number | null } {
  const id = currentModelId(db)
  const manifest = (id === null ? {} : storedManifest(db, id)) as ReturnType<typeof storedManifest> & {
    metrics?: { dev?: { exact?: unknown } }
  }
  const exact = manifest.metrics?.dev?.exact
  return { charset: manifest.charset ?? [], exact: typeof exact === 'number' ? exact : null }
}
