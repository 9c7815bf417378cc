/** Reads files a few at a time and stores what was found in short transactions. */
import { stat } from 'node:fs/promises'
import type { ImportReport, Problem } from '../../shared/domain'
import { reasonOfSystemError } from '../../reading/images'
import { messageOf } from '../../shared/failure'
import type { JobControl } from '../jobs'
import { immediate, type Database } from '../store'
import { decidedContents, ensureContent, fileHash } from '../store/contents'
import { ensureImage } from '../store/images'
import {
  fieldIdsOf,
  fieldOfSource,
  findSource,
  forgetWholeImage,
  insertField,
  insertSource,
  setFieldImage,
  setSourceContent,
  setSourceStatus,
  touchSource,
  updateSource,
  type Source,
  type SourceState
} from '../store/sources'
import { dropWholeImageField } from '../store/page-fields'
import { arrangePages } from '../store/page-places'
import { inspectImage, sha256Of, type InspectedImage } from './inspect'
import type { ImportHooks, ImportOptions } from './options'
import type { Place } from './places'
import type { ImportPlan } from './plan'
import { deriveAndNote } from './reopened'
import { turn } from '../store/slices'

/** Files being read at the same time; the decoder has four threads. */
const atOnce = 4
/** Files a transaction, and the longest that a finished file waits for one. */
const transactionSize = 64
const transactionMs = 250

interface TakenIn {
  /** `reopened`: decided fields that are open again. `pages`: those that were found in files that are new or changed. */
  counts: Pick<ImportReport, 'added' | 'changed' | 'unchanged' | 'moved' | 'reopened' | 'pages'>
  failed: Problem[]
  /** Files of which only a part was taken in. */
  partial: Problem[]
  /** Ids of the sources that were found on the disk. */
  seen: ReadonlySet<number>
}

interface Outcome {
  place: Place
  known: Source | undefined
  state: SourceState
  image: InspectedImage | null
  /** The file is not there any more. */
  gone: boolean
}

/** @param plan what was found of the files before: which are the same, and which of their pages are known */
export function createTakeIn(
  db: Database,
  run: JobControl,
  hooks: ImportHooks,
  plan: ImportPlan,
  options: ImportOptions = {}
) {
  const { asPages = false } = options
  const counts = { added: 0, changed: 0, unchanged: 0, moved: 0, reopened: 0, pages: 0 }
  const failed: Problem[] = []
  const partial: Problem[] = []
  const seen = new Set<number>()
  let done = 0
  let waiting: Outcome[] = []
  let lastStored = performance.now()

  const flush = (): void => {
    // The files ended in any order; numbers follow the files' own.
    const outcomes = waiting.sort((a, b) => a.place.position - b.place.position)
    waiting = []
    lastStored = performance.now()
    if (!outcomes.length) return
    const pagesBefore = counts.pages
    const fieldIds = immediate(db, () => {
      const ids = outcomes.flatMap((outcome) => store(outcome))
      counts.reopened += deriveAndNote(db, run.id, ids)
      return ids
    })
    hooks.onFields?.(fieldIds)
    if (counts.pages > pagesBefore) hooks.onPages?.()
  }

  /** Within a transaction. @returns ids of the fields that may be others now */
  const store = ({ place, known, state, image, gone }: Outcome): number[] => {
    const rootId = place.rootId!
    // Two paths can lead to one file of one run: the later finds what the earlier stored.
    const before = known ?? findSource(db, rootId, place.path)
    if (before && gone) return keepMissing(before, place, state)
    const sourceId = before?.id ?? insertSource(db, run.id, rootId, place.path, state)
    const isOther = before !== undefined && before.sha256 !== state.sha256
    seen.add(sourceId)
    if (!before) counts.added++
    else if (isOther) counts.changed++
    else counts.unchanged++
    if (state.status === 'failed') failed.push({ sourceId, file: place.path, reason: state.reason ?? '' })
    else if (state.reason) partial.push({ sourceId, file: place.path, reason: state.reason })
    const touched = state.asPages
      ? storePages(sourceId, place, image)
      : storeField(db, before, sourceId, place.position, { state, image })
    // Of files of pages, what each page shows counts.
    if (state.asPages && isOther && before.contentId !== null) setSourceContent(db, sourceId, null)
    if (before) updateSource(db, sourceId, state)
    return touched
  }

  /** Before the source's new hash is stored: what its file has lost keeps the old one. */
  const storePages = (sourceId: number, place: Place, image: InspectedImage | null): number[] => {
    const stays = dropWholeImageField(db, sourceId)
    if (!image) return stays === null ? [] : [stays]
    counts.pages += image.pages
    const file = { id: sourceId, sha256: image.sha256, pages: image.pages, position: place.position }
    const found = plan.pages.files.get(place) ?? { hashes: [], known: new Map<number, number>() }
    return [...(stays === null ? [] : [stays]), ...arrangePages(db, file, found, plan.pages.taken)]
  }

  /** What was known of a file that is gone stays. */
  const keepMissing = (before: Source, place: Place, { reason }: SourceState): number[] => {
    setSourceStatus(db, before.id, 'missing', reason)
    counts.unchanged++
    failed.push({ sourceId: before.id, file: place.path, reason: reason ?? '' })
    return fieldIdsOf(db, [before.id])
  }

  /** Its bytes were compared before. */
  const isSame = (known: Source, place: Place): boolean =>
    (plan.same.has(place) || plan.moved.has(place)) && known.status === 'ok' && (known.asPages === 1 || !asPages)

  const keepSame = (known: Source, place: Place): void => {
    seen.add(known.id)
    const before = plan.moved.get(place)
    if (before?.removed) counts.added++
    else if (before) counts.moved++
    else counts.unchanged++
    const { modifiedMs, changedMs } = place.file
    if (known.modifiedMs !== modifiedMs || known.changedMs !== changedMs)
      immediate(db, () => touchSource(db, known.id, modifiedMs, changedMs))
  }

  const takeOne = async (place: Place): Promise<void> => {
    const known = findSource(db, place.rootId!, place.path)
    if (known && isSame(known, place)) keepSame(known, place)
    else {
      const found = await look(place, { ...options, asPages: asPages || known?.asPages === 1 })
      // Only now: `waiting` is another array after a flush.
      waiting.push({ place, known, ...found })
    }
    done++
    if (waiting.length >= transactionSize || performance.now() - lastStored > transactionMs) flush()
  }

  return {
    async all(places: Place[]): Promise<void> {
      let next = 0
      const worker = async (): Promise<void> => {
        while (next < places.length) {
          await run.whenNotPaused()
          const place = places[next++]
          if (!place) return
          await takeOne(place)
          // Files that are known cost no wait: others must have their turn all the same.
          if (done % 64 === 0) await turn(db)
          if (done % 16 === 0) run.report({ done, total: places.length, failed: failed.length, message: 'Importing' })
        }
      }
      const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker))
      flush()
      run.report({ done, total: places.length, failed: failed.length, message: 'Importing' })
      for (const end of ended) if (end.status === 'rejected') throw end.reason
    },
    result: (): TakenIn => ({ counts, failed, partial, seen })
  }
}

async function look({ file }: Place, options: ImportOptions): Promise<Pick<Outcome, 'state' | 'image' | 'gone'>> {
  const { size, modifiedMs, changedMs } = file
  try {
    const image = await inspectImage(file.absolute, options)
    // It may have been written to since the scan.
    const now = await stat(file.absolute)
    const state = {
      size: now.size,
      modifiedMs: now.mtimeMs,
      changedMs: now.ctimeMs,
      sha256: image.sha256,
      format: image.format,
      status: 'ok' as const,
      reason: image.note,
      asPages: image.asPages
    }
    return { state, image, gone: false }
  } catch (error) {
    const reason = reasonOfSystemError(error) ?? messageOf(error)
    return {
      state: {
        size,
        modifiedMs,
        changedMs,
        // What can be read but not decoded is known by its bytes: what was decided on others is not of them.
        sha256: await sha256Of(file.absolute).catch(() => null),
        format: null,
        status: 'failed',
        reason,
        asPages: options.asPages === true || file.format === 'pdf'
      },
      image: null,
      gone: isAbsence(error)
    }
  }
}

const isAbsence = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === 'ENOENT' ||
  (error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')

/**
 * A failed file has a field too, so that it is listed and can be decided on. Where its bytes can't be read nothing is known to have
 * changed, and it keeps the image it had.
 */
function storeField(
  db: Database,
  before: Source | undefined,
  sourceId: number,
  position: number,
  { state, image }: Pick<Outcome, 'state' | 'image'>
): number[] {
  if (state.sha256 !== null) {
    const hashes = [fileHash(state.sha256), ...(image?.pixels ? [image.pixels] : [])]
    const content = ensureContent(db, hashes, before?.contentId ?? null, decidedContents(db, { sourceId }))
    setSourceContent(db, sourceId, content)
    if (typeof before?.contentId === 'number' && before.contentId !== content) forgetWholeImage(db, sourceId)
  }
  const field = fieldOfSource(db, sourceId)
  const rotation = field?.rotation ?? 0
  const [width, height] = rotation % 2 && image ? [image.height, image.width] : [image?.width ?? 0, image?.height ?? 0]
  const imageId = image && ensureImage(db, { sha256: image.sha256, page: 1, rotation, width, height })
  if (!field) return [insertField(db, sourceId, imageId, position)]
  if (imageId !== null) setFieldImage(db, field.id, imageId)
  return [field.id]
}
