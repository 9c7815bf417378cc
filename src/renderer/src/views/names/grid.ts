/** The grid of the open project: kept while other views are shown, fed by events. */
import type { FieldRow } from '../../../../shared/domain'
import { imageUrl } from '../../host'
import { keptOnDesk } from '../../lib/desk'
import { NamesModel } from './model.svelte'

/** A crop that is small already is shown as it is: making it smaller would cost the core more than it saves. */
const small = { width: 800, height: 80 }
export const pictureUrl = (row: FieldRow): string =>
  imageUrl(row, row.width <= small.width && row.height <= small.height ? 'full' : 'thumbnail')

/** Pictures that were fetched ahead; the browser's own cache has them from then on. */
const fetched = new Map<string, HTMLImageElement>()
const keptPictures = 600

/** @param later those of the next screen: they wait for the others */
export function fetchPictures(rows: readonly FieldRow[], later = false): void {
  for (const row of rows) {
    if (row.width === 0) continue
    const url = pictureUrl(row)
    if (fetched.has(url)) continue
    const image = new Image()
    image.fetchPriority = later ? 'low' : 'high'
    image.src = url
    fetched.set(url, image)
    if (fetched.size > keptPictures) fetched.delete(fetched.keys().next().value!)
  }
}

export const modelOf = keptOnDesk((desk) => new NamesModel(desk, { near: (rows) => fetchPictures(rows) }))
