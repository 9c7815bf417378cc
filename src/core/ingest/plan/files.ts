/**
 * Holds the files that lie there against those that are known: by their bytes, whatever their names and times say. One to one:
 * first what is at its place, then the same content elsewhere.
 */
import { access } from 'node:fs/promises'
import type { JobControl } from '../../jobs'
import type { ReadOnlyDatabase } from '../../store'
import { allSources, type Source } from '../../store/sources'
import { absoluteOf, isWithin, type Place } from '../places'
import { hashOf } from './hashes'
import { turn } from '../../store/slices'

export interface Compared {
  /** The same bytes as before, at the same place. */
  same: Map<Place, Source>
  /** What a file that is not at its place any more had in it lies here now. */
  moved: Map<Place, Source>
  /** Other bytes at a known place; what it had before was found nowhere else. */
  changed: Map<Place, Source>
  /** Those of them that can't be read now: what they show is not known. */
  unreadable: Set<Place>
  added: Place[]
  /** Neither at its place nor elsewhere, though its folder is there. */
  gone: Source[]
}

/** Files being read at the same time. */
const atOnce = 4

export async function compareFiles(
  db: ReadOnlyDatabase,
  places: readonly Place[],
  roots: readonly string[],
  run: Pick<JobControl, 'signal' | 'whenNotPaused' | 'report'>
): Promise<Compared> {
  const sources = allSources(db)
  const atPlace = new Map(sources.filter(({ former }) => !former).map((source) => [absoluteOf(source), source]))
  const hashes = await hashesOf(db, places, (place) => atPlace.has(place.file.absolute), run)
  const same = new Map<Place, Source>()
  for (const place of places) {
    const source = atPlace.get(place.file.absolute)
    if (source && source.sha256 !== null && hashes.get(place) === source.sha256) same.set(place, source)
  }
  const settled = new Set(same.values())
  const others = sources.filter((source) => !settled.has(source) && source.sha256 !== null)
  const sizes = new Set(others.map(({ size }) => size))
  const left = places.filter((place) => !same.has(place))
  const fresh = left.filter((place) => !hashes.has(place) && sizes.has(place.file.size))
  for (const [place, hash] of await hashesOf(db, fresh, () => true, run)) hashes.set(place, hash)

  const found = new Set(places.map((place) => place.file.absolute))
  const replaced = new Set(left.filter((place) => hashes.get(place)).map((place) => place.file.absolute))
  const moved = await findMoved(db, left, others, hashes, { found, replaced })
  const led = new Set(moved.values())
  const changed = new Map<Place, Source>()
  const added: Place[] = []
  for (const place of left.filter((candidate) => !moved.has(candidate))) {
    const source = atPlace.get(place.file.absolute)
    if (source && !led.has(source)) changed.set(place, source)
    else added.push(place)
  }
  const reused = new Set(changed.values())
  const gone = sources.filter(
    (source) =>
      !settled.has(source) &&
      !led.has(source) &&
      !reused.has(source) &&
      !source.former &&
      roots.some((root) => isWithin(absoluteOf(source), root))
  )
  const unreadable = new Set([...changed.keys()].filter((place) => !hashes.get(place)))
  return { same, moved, changed, unreadable, added, gone: await absent(gone, found) }
}

async function findMoved(
  db: ReadOnlyDatabase,
  left: readonly Place[],
  others: readonly Source[],
  hashes: ReadonlyMap<Place, string | null>,
  /** Files that lie there; those of them that are known to have other bytes than before. */
  { found, replaced }: { found: ReadonlySet<string>; replaced: ReadonlySet<string> }
): Promise<Map<Place, Source>> {
  const byHash = Map.groupBy(others, ({ sha256 }) => sha256)
  const moved = new Map<Place, Source>()
  for (const place of left) {
    const candidates = byHash.get(hashes.get(place) ?? null) ?? []
    for (const [index, source] of candidates.entries()) {
      const own = absoluteOf(source)
      const hasLeft = source.former === 1 || replaced.has(own) || (!found.has(own) && (await isOther(db, source)))
      if (!hasLeft) continue
      moved.set(place, source)
      candidates.splice(index, 1)
      break
    }
  }
  return moved
}

/** Of a folder that is not looked at now: where the file lies there as it was, what is here is a copy. */
async function isOther(db: ReadOnlyDatabase, source: Source): Promise<boolean> {
  const own = absoluteOf(source)
  if (!(await isThere(own))) return true
  const hash = await hashOf(db, own)
  return hash !== null && hash !== source.sha256
}

/** What has no file at its place; one whose place another file has taken is gone as well. */
async function absent(sources: readonly Source[], found: ReadonlySet<string>): Promise<Source[]> {
  const gone: Source[] = []
  for (const source of sources) {
    const absolute = absoluteOf(source)
    if (found.has(absolute) || !(await isThere(absolute))) gone.push(source)
  }
  return gone
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false
  )

async function hashesOf(
  db: ReadOnlyDatabase,
  places: readonly Place[],
  wanted: (place: Place) => boolean,
  run: Pick<JobControl, 'signal' | 'whenNotPaused' | 'report'>
): Promise<Map<Place, string | null>> {
  const hashes = new Map<Place, string | null>()
  const waiting = places.filter(wanted)
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < waiting.length) {
      await run.whenNotPaused()
      run.signal.throwIfAborted()
      const place = waiting[next++]
      if (!place) return
      hashes.set(place, await hashOf(db, place.file.absolute))
      if (hashes.size % 64 === 0) {
        run.report({ done: hashes.size, total: waiting.length, failed: 0, message: 'Comparing with what is known' })
        await turn(db)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return hashes
}
