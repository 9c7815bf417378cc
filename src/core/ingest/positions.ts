/** Gives every field its place in the natural order of folders and files. */
import { immediate, type Database } from '../store'
import { fieldPlacesAfter, setPosition, type FieldPlace } from '../store/sources'
import { naturalSort } from './natural'
import { turn } from '../store/slices'

/** Room between two neighbours. */
export const positionStep = 16
const pageSize = 1000

export async function orderFields(db: Database): Promise<void> {
  const ordered = await naturalSort(await allPlaces(db), (place) => place.file)
  const moved = ordered
    .map((place, index) => ({ ...place, wanted: (index + 1) * positionStep }))
    .filter((place) => place.position !== place.wanted)
  for (let start = 0; start < moved.length; start += pageSize / 2) {
    immediate(db, () => {
      for (const place of moved.slice(start, start + pageSize / 2)) setPosition(db, place.id, place.wanted)
    })
    await turn(db)
  }
}

async function allPlaces(db: Database): Promise<FieldPlace[]> {
  const places: FieldPlace[] = []
  for (let after = 0; ;) {
    const page = fieldPlacesAfter(db, after, pageSize)
    places.push(...page)
    if (page.length < pageSize) return places
    after = page.at(-1)!.id
    await turn(db)
  }
}
