/** What a page is known by, whatever file it lies in and whatever its number is. */
import { hashesOfPdf } from './pdf'
import { hashesOfTiff } from './tiff'

/**
 * The hash of each page's own content inside its file, without decoding; null where there is none. Never throws: what can't be
 * followed is known by its decoded pixels alone.
 * @param format image format or `pdf`
 */
export async function ownHashes(path: string, format: string): Promise<(string | null)[]> {
  const hashes = { pdf: hashesOfPdf, tiff: hashesOfTiff }[format]
  return hashes ? hashes(path).catch(() => []) : []
}
