import type { ImportPreview } from '../../../shared/domain'
import type { ReadOnlyDatabase } from '../../store'
import { contentsWith } from '../../store/contents'
import { decidedIn } from '../../store/decided'
import { pagesOfSource } from '../../store/page-places'
import { decisionsOf } from '../../store/removals'
import type { Source } from '../../store/sources'
import { inspectImage } from '../inspect'
import type { ImportPlan } from './plan'

/** Counts what a plan does to files, pages and decisions. */
export async function previewOf(db: ReadOnlyDatabase, plan: ImportPlan): Promise<ImportPreview> {
  const { same, gone } = plan
  const back = [...plan.moved.values()].filter(({ removed }) => removed)
  const changed = await changedImages(db, plan)
  const pages = pageCounts(db, plan)
  const reopened = [
    ...decidedIn(
      db,
      'f.source_id',
      changed.map(({ id }) => id)
    ),
    ...decidedIn(db, 'f.page_id', pages.replaced)
  ]
  const lost = [
    ...decidedIn(
      db,
      'f.source_id',
      gone.filter(({ status, asPages }) => status !== 'missing' && !asPages).map(({ id }) => id)
    ),
    ...decidedIn(db, 'f.page_id', pages.lost)
  ]
  const files = changed.length + [...plan.changed.values()].filter(({ asPages }) => asPages).length
  return {
    same: same.size + plan.changed.size - files - plan.unreadable.size,
    moved: plan.moved.size - back.length,
    changed: files,
    added: plan.added.length + back.length,
    gone: gone.length,
    pages: pages.counts,
    reopened: reopened.length,
    decidedGone: lost.length,
    decidedBack: decisionsOf(
      db,
      back.map(({ id }) => id)
    )
  }
}

/** Of files that are one image: other pixels than before. One that was only stored anew is the same. */
async function changedImages(db: ReadOnlyDatabase, plan: ImportPlan): Promise<Source[]> {
  const others: Source[] = []
  for (const [place, source] of plan.changed) {
    if (source.asPages || plan.unreadable.has(place) || source.sha256 === null) continue
    const pixels = await inspectImage(place.file.absolute).then(
      (image) => image.pixels,
      () => null
    )
    const known = pixels === null ? [] : contentsWith(db, [pixels])
    if (source.contentId === null || !known.includes(source.contentId)) others.push(source)
  }
  return others
}

function pageCounts(
  db: ReadOnlyDatabase,
  { changed, gone, pages, unreadable }: ImportPlan
): { counts: ImportPreview['pages']; replaced: number[]; lost: number[] } {
  const counts = { same: 0, moved: 0, changed: 0, gone: 0 }
  const replaced: number[] = []
  const lost: number[] = []
  const places = new Map([...changed].map(([place, source]) => [source.id, place]))
  const at = new Map(
    [...pages.files].flatMap(([place, { known }]) => [...known].map(([number, id]) => [id, { place, number }] as const))
  )
  for (const source of [...changed.values(), ...gone].filter(({ asPages }) => asPages)) {
    const place = places.get(source.id)
    if (place && unreadable.has(place)) continue
    const file = place && pages.files.get(place)
    for (const page of pagesOfSource(db, source.id)) {
      const now = at.get(page.id)
      if (now) counts[now.place === place && now.number === page.number ? 'same' : 'moved']++
      else if (file && page.number <= file.hashes.length && !file.known.has(page.number)) {
        counts.changed++
        replaced.push(page.id)
      } else if (source.status !== 'missing') {
        counts.gone++
        lost.push(page.id)
      }
    }
  }
  return { counts, replaced, lost }
}
