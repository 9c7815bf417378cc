/** What the folder chooser lists of a folder. */
import type { Output } from '../../../../../shared/contract'
import { t } from '../../../i18n'
import { baseName } from '../../../lib/format'

export type Listing = Output<'folders.list'>
export type Wanted = 'folder' | 'project' | 'csv' | 'image' | 'json'

/** How files of a kind end, where files are chosen. */
export const endings: Partial<Record<Wanted, string[]>> = {
  csv: ['csv', 'tsv', 'txt'],
  image: ['png', 'jpg', 'jpeg', 'tif', 'tiff', 'webp', 'pdf'],
  json: ['json']
}

export interface Entry {
  kind: 'up' | Wanted
  name: string
  path: string
  note: string
}

export function entriesOf(listing: Listing, wanted: Wanted): Entry[] {
  const up: Entry[] = listing.parent ? [{ kind: 'up', name: t('import:files.up'), path: listing.parent, note: '' }] : []
  const files = wanted === 'csv' ? listing.csv : listing.files
  return [
    ...up,
    ...files.map<Entry>((path) => ({
      kind: wanted,
      name: baseName(path),
      path,
      note: (path.split('.').at(-1) ?? '').toUpperCase()
    })),
    ...listing.folders.map<Entry>(({ name, path, images, project }) => ({
      kind: project ? 'project' : 'folder',
      name,
      path,
      note: project ? t('import:files.project') : images ? t('common:images', { count: images }) : ''
    }))
  ]
}

/** `72 images and 1 CSV file directly in this folder`. */
export function contentsOf({ images, more, csv }: Listing): string {
  const some = t(more ? 'import:files.moreThan' : 'common:images', { count: images })
  const scans = images === 0 ? t('import:files.noImages') : some
  const contents = csv.length > 0 ? t('import:files.tables', { images: scans, count: csv.length }) : scans
  return t('import:files.here', { contents })
}
