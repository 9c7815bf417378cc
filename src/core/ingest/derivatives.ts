/** What programs keep beside scans and is none: known by its marks, left out of an import and told of. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isOwnFolder } from '../store/own-folders'
import { formatByExtension } from './classify'

/** Why a folder or file is left out, as it is counted and told. */
export type Mark =
  | 'a project of Nomina'
  | 'crops that Nomina exported'
  | 'previews and data of a disk or system'
  | 'deleted files'
  | 'earlier versions of files'
  | 'hidden'

/** Lower case, as these systems do not tell cases apart: Windows, macOS, Linux, Synology, QNAP and the like. */
const deleted =
  /^(\$recycle\.bin|recycler|recycled|@?#?\.?recycle|\.trash(es|-\d+)?|\.dtrash|network trash folder|files_trashbin|lost\+found|found\.\d{3})$/
const previews =
  /^(@eadir|@synoeastream|@tmp|@sharebin|@__thumb|\.@__thumb|\.thumbnails?|\.thumb|\.xvpics|__macosx|\.appledouble|\.appledb|\.spotlight-v100|\.fseventsd|\.documentrevisions-v100|\.temporaryitems|temporary items|thevolumesettingsfolder|system volume information|ipod photo cache|_gsdata_|.+\.lrdata)$/
const versions = /^(@recently-snapshot|#snapshot|~snapshot|\.snapshots?|\.zfs|files_versions|\.stversions)$/
const previewFiles = /^(synophoto|synofile|synovideo)_(thumb|film)_?/

/** What a folder of this name is, wherever it lies; null: scans may lie in it. */
export function markOfFolder(name: string): Mark | null {
  const plain = name.toLowerCase()
  if (deleted.test(plain)) return 'deleted files'
  if (previews.test(plain)) return 'previews and data of a disk or system'
  if (versions.test(plain)) return 'earlier versions of files'
  return plain.startsWith('.') ? 'hidden' : null
}

export function markOfFile(name: string): Mark | null {
  if (name.startsWith('._') || previewFiles.test(name.toLowerCase()) || /:zone\.identifier$/i.test(name))
    return 'previews and data of a disk or system'
  return name.startsWith('.') ? 'hidden' : null
}

/** A folder's own marks among its content. Nomina's own folders in a project's are of the project; its other ones can hold scans. */
export function markOfContent(names: ReadonlySet<string>, above: ReadonlySet<string>, own: string): Mark | null {
  if (names.has('.nomina-crops')) return 'crops that Nomina exported'
  return isOwnFolder(own) && above.has('nomina.db') ? 'a project of Nomina' : null
}

/** Images that lie under a folder that is left out, by their names: none of them is opened. */
export async function countImages(folder: string, signal: AbortSignal | undefined): Promise<number> {
  signal?.throwIfAborted()
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  let images = 0
  for (const entry of entries) {
    if (entry.isDirectory()) images += await countImages(join(folder, entry.name), signal)
    else if (formatByExtension(entry.name)) images++
  }
  return images
}
