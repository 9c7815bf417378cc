/** Reads files a few at a time and stores what was found in short transactions. */
import { stat } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Problem } from '../../shared/domain'
import { reasonOfSystemError } from '../../reading/images'
import { messageOf } from '../../shared/failure'
import type { RunControl } from '../runs'
import { deriveFields, getSetting, immediate, type Database } from '../store'
import { ensureImage } from '../store/images'
import {
  fieldOfSource,
  findSource,
  insertField,
  insertSource,
  setFieldImage,
  setSourceStatus,
  updateSource,
  type Source,
  type SourceState
} from '../store/sources'
import { dropWholeImageField } from '../store/page-fields'
import { ensurePages } from '../store/pages'
import type { ImportHooks, ImportOptions, Place } from './import'
import { inspectImage, type InspectedImage } from './inspect'

/** Files being read at the same time; the decoder has four threads. */
const atOnce = 4
/** Files a transaction, and the longest that a finished file waits for one. */
const transactionSize = 64
const transactionMs = 250

export interface TakenIn {
  added: number
  changed: number
  unchanged: number
  /** Pages that were found in files that are new or changed. */
  pages: number
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

export function createTakeIn(db: Database, run: RunControl, hooks: ImportHooks, options: ImportOptions = {}) {
  const { asPages = false } = options
  const counts = { added: 0, changed: 0, unchanged: 0, pages: 0 }
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
      const ids = outcomes.map((outcome) => store(outcome)).filter((id) => id !== null)
      deriveFields(db, { fieldIds: ids }, getSetting<number>(db, 'currentModel'))
      return ids
    })
    hooks.onFields?.(fieldIds)
    if (counts.pages > pagesBefore) hooks.onPages?.()
  }

  /** Within a transaction; returns the id of a field that is the whole image, null where the image is a page. */
  const store = ({ place, known, state, image, gone }: Outcome): number | null => {
    // Two paths can lead to one file of one run: the later finds what the earlier stored.
    const before = known ?? findSource(db, place.rootId, place.path)
    if (before && gone) return keepMissing(before, place, state)
    const sourceId = before?.id ?? insertSource(db, run.id, place.rootId, place.path, state)
    const isOther = before !== undefined && before.sha256 !== state.sha256
    if (before) updateSource(db, sourceId, state, isOther && before.sha256 !== null)
    seen.add(sourceId)
    if (!before) counts.added++
    else if (isOther) counts.changed++
    else counts.unchanged++
    if (state.status === 'failed') failed.push({ sourceId, file: place.path, reason: state.reason ?? '' })
    else if (state.reason) partial.push({ sourceId, file: place.path, reason: state.reason })
    if (!state.asPages) return storeField(db, sourceId, place.position, image)
    if (image) {
      counts.pages += image.pages
      ensurePages(db, sourceId, image.pages, place.position, isOther)
    }
    return dropWholeImageField(db, sourceId)
  }

  /** What was known of a file that is gone stays. */
  const keepMissing = (before: Source, place: Place, { reason }: SourceState): number | null => {
    setSourceStatus(db, before.id, 'missing', reason)
    counts.unchanged++
    failed.push({ sourceId: before.id, file: place.path, reason: reason ?? '' })
    return before.asPages ? null : storeField(db, before.id, place.position, null)
  }

  const takeOne = async (place: Place): Promise<void> => {
    const known = findSource(db, place.rootId, place.path)
    if (known && isUnchanged(known, place) && (known.asPages === 1 || !asPages)) {
      seen.add(known.id)
      counts.unchanged++
    } else {
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
          if (done % 64 === 0) await nextTurn()
          if (done % 16 === 0) run.report({ done, total: places.length, failed: failed.length, message: 'Importing' })
        }
      }
      const ended = await Promise.allSettled(Array.from({ length: atOnce }, worker))
      flush()
      run.report({ done, total: places.length, failed: failed.length, message: 'Importing' })
      for (const end of ended) if (end.status === 'rejected') throw end.reason
    },
    result: (): TakenIn => ({ ...counts, failed, partial, seen })
  }
}

/** A file that failed or was missing before is looked at again. */
const isUnchanged = (known: Source, { file }: Place): boolean =>
  known.status === 'ok' && known.size === file.size && known.modifiedMs === file.modifiedMs

async function look({ file }: Place, options: ImportOptions): Promise<Pick<Outcome, 'state' | 'image' | 'gone'>> {
  const { size, modifiedMs } = file
  try {
    const image = await inspectImage(file.absolute, options)
    // It may have been written to since the scan.
    const now = await stat(file.absolute)
    const state = {
      size: now.size,
      modifiedMs: now.mtimeMs,
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
        sha256: null,
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

/** A failed file has a field too, so that it is listed and can be decided on; it keeps the image it had. */
function storeField(db: Database, sourceId: number, position: number, image: InspectedImage | null): number {
  const field = fieldOfSource(db, sourceId)
  const rotation = field?.rotation ?? 0
  const [width, height] = rotation % 2 && image ? [image.height, image.width] : [image?.width ?? 0, image?.height ?? 0]
  const imageId = image && ensureImage(db, { sha256: image.sha256, page: 1, rotation, width, height })
  if (!field) return insertField(db, sourceId, imageId, position)
  if (imageId !== null) setFieldImage(db, field.id, imageId)
  return field.id
}
