/** The grid of the open project: kept while other views are shown, fed by events. */
import type { FieldRow } from '../../../../shared/domain'
import { imageUrl } from '../../host'
import { t } from '../../i18n'
import { call } from '../../lib/api'
import { keptForProject } from '../../lib/keptForProject'
import { outboxStore } from '../../lib/outboxStore'
import { session } from '../../lib/session.svelte'
import { toast } from '../../lib/toasts.svelte'
import { NamesModel } from './model.svelte'

/** A crop that is small already is shown as it is: making it smaller would cost the core more than it saves. */
const small = { width: 800, height: 80 }
export const pictureUrl = (row: FieldRow): string =>
  imageUrl(row, row.width <= small.width && row.height <= small.height ? 'full' : 'thumbnail')

/** Pictures that were fetched ahead; the browser's own cache has them from then on. */
const fetched = new Map<string, HTMLImageElement>()
const keptPictures = 600

export function fetchPictures(rows: readonly FieldRow[]): void {
  for (const row of rows) {
    if (row.width === 0) continue
    const url = pictureUrl(row)
    if (fetched.has(url)) continue
    const image = new Image()
    image.src = url
    fetched.set(url, image)
    if (fetched.size > keptPictures) fetched.delete(fetched.keys().next().value!)
  }
}

export const modelOf = keptForProject(
  (path) =>
    new NamesModel(
      {
        call,
        counts: (counts) => (session.counts = counts),
        near: fetchPictures,
        refused: (message) => toast('failure', t('names:said.refused', { message })),
        undone(what, changed) {
          const undoing = what === 'undo'
          if (changed === 0)
            return void toast('note', t(undoing ? 'names:said.nothingToUndo' : 'names:said.nothingToRedo'))
          toast('done', t(undoing ? 'names:said.undone' : 'names:said.redone', { count: changed }))
        }
      },
      { project: path, store: outboxStore(`nomina.outbox.names:${path}`) }
    )
)
