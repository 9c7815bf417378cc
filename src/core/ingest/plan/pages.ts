/**
 * Finds the pages that are known again, in files that are new or other than before: by their own content inside the file, and where
 * that differs by their pixels. One to one: first what is at its place, then the same content elsewhere.
 */
import type { JobControl } from '../../jobs'
import type { ReadOnlyDatabase } from '../../store'
import { contentsWith, someKnownByPixels } from '../../store/contents'
import { pagesOfSource, type PlacedPage } from '../../store/page-places'
import { allSources, type Source } from '../../store/sources'
import type { IdentifyPages } from '../inspect'
import type { Place } from '../places'
import type { Compared } from './files'

export interface ComparedPages {
  /** Of each file whose pages were looked at: what they are known by, and which known page lies at which number now. */
  files: Map<Place, { hashes: string[][]; known: Map<number, number> }>
  /** Ids of all pages that were found again. */
  taken: Set<number>
}

/** Pages asked for at once: each may have to be decoded. */
const atOnce = 16

interface Looked {
  place: Place
  source: Source | undefined
  hashes: string[][]
  known: Map<number, number>
}

/** A page of an image file is one of its own. */
const hasPages = (place: Place, source: Source | undefined, asPages: boolean): boolean =>
  asPages || source?.asPages === 1 || place.file.format === 'pdf' || place.file.format === 'tiff'

export async function comparePages(
  db: ReadOnlyDatabase,
  { changed, added, gone }: Compared,
  { asPages, identify }: { asPages: boolean; identify: IdentifyPages },
  run: Pick<JobControl, 'signal' | 'whenNotPaused' | 'report'>
): Promise<ComparedPages> {
  const displaced = [...changed.values(), ...gone, ...allSources(db).filter(({ former }) => former)]
  const candidates = displaced
    .filter((source) => source.asPages)
    .flatMap((source) => pagesOfSource(db, source.id))
    .filter(({ contentId }) => contentId !== null)
  const taken = new Set<number>()
  if (!candidates.length) return { files: new Map(), taken }
  const files: Looked[] = []
  for (const place of [...changed.keys(), ...added]) {
    const source = changed.get(place)
    if (!hasPages(place, source, asPages)) continue
    await run.whenNotPaused()
    run.report({ done: files.length, total: null, failed: 0, message: 'Comparing with what is known' })
    const hashes = await identify(place.file.absolute, { decode: false }).catch(() => [])
    files.push({ place, source, hashes, known: new Map() })
  }
  match(db, files, candidates, taken)
  const missing = candidates.filter(({ id }) => !taken.has(id))
  // Nobody waits for pages to be decoded that could be none of them.
  const canBeFound = someKnownByPixels(
    db,
    missing.map(({ contentId }) => contentId!)
  )
  if (canBeFound) await decodeUnknown(files, identify, run)
  match(db, files, candidates, taken)
  return { files: new Map(files.map(({ place, hashes, known }) => [place, { hashes, known }])), taken }
}

function match(db: ReadOnlyDatabase, files: Looked[], candidates: PlacedPage[], taken: Set<number>): void {
  const byContent = Map.groupBy(candidates, ({ contentId }) => contentId!)
  const take = (file: Looked, number: number, fits: (page: PlacedPage) => boolean): void => {
    if (file.known.has(number)) return
    const same = contentsWith(db, file.hashes[number - 1]!).flatMap((content) => byContent.get(content) ?? [])
    const page = same.find((candidate) => !taken.has(candidate.id) && fits(candidate))
    if (!page) return
    taken.add(page.id)
    file.known.set(number, page.id)
  }
  const all = (fits: (file: Looked, page: PlacedPage, number: number) => boolean): void => {
    for (const file of files)
      for (const index of file.hashes.keys()) take(file, index + 1, (page) => fits(file, page, index + 1))
  }
  all(({ source }, page, number) => page.sourceId === source?.id && page.number === number)
  all(({ source }, page) => page.sourceId === source?.id)
  all(() => true)
}

/** Any page that was not found again may be one that is missing, stored in another way. */
async function decodeUnknown(
  files: Looked[],
  identify: IdentifyPages,
  run: Pick<JobControl, 'signal' | 'whenNotPaused' | 'report'>
): Promise<void> {
  for (const { place, hashes, known } of files) {
    const numbers = [...hashes.keys()].map((index) => index + 1).filter((number) => !known.has(number))
    for (let start = 0; start < numbers.length; start += atOnce) {
      await run.whenNotPaused()
      run.signal.throwIfAborted()
      run.report({ done: start, total: numbers.length, failed: 0, message: 'Comparing with what is known' })
      const some = numbers.slice(start, start + atOnce)
      const found = await identify(place.file.absolute, { numbers: some, decode: true }).catch(() => [])
      for (const [index, number] of some.entries()) hashes[number - 1] = found[index] ?? hashes[number - 1]!
    }
  }
}
