/** What the folder chooser lists of a folder. */
import type { Output } from '../../../../../shared/contract'
import { baseName, plural } from '../../../lib/format'

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
  const up: Entry[] = listing.parent ? [{ kind: 'up', name: 'Folder above', path: listing.parent, note: '' }] : []
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
      note: project ? 'Nomina project' : images ? plural(images, 'image') : ''
    }))
  ]
}

/** `72 images and 1 CSV file directly in this folder`. */
export function contentsOf({ images, more, csv }: Listing): string {
  const scans = images === 0 ? 'No images' : `${more ? 'More than ' : ''}${plural(images, 'image')}`
  const tables = csv.length > 0 ? ` and ${plural(csv.length, 'CSV file')}` : ''
  return `${scans}${tables} directly in this folder`
}
