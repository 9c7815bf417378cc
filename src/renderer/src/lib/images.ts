/** Decoded pictures of the fields around the current one: the element itself is shown, so nothing is left to decode. */
import type { FieldRow } from '../../../shared/domain'
import { imageUrl } from '../host'

const kept = 24
const pictures = new Map<string, HTMLImageElement>()

/** Small pictures of the tape, so that a row comes with its picture. */
const thumbnails = new Map<string, HTMLImageElement>()

function fetchThumbnail(row: FieldRow): void {
  const url = imageUrl(row, 'thumbnail')
  if (thumbnails.has(url)) return
  const image = new Image()
  image.src = url
  thumbnails.set(url, image)
  if (thumbnails.size > kept) thumbnails.delete(thumbnails.keys().next().value!)
}

function load(url: string): HTMLImageElement {
  const picture = new Image()
  picture.decoding = 'sync'
  picture.draggable = false
  picture.alt = ''
  picture.src = url
  // A picture that can't be decoded says so where it is shown.
  picture.decode().catch(() => undefined)
  return picture
}

const isBroken = (picture: HTMLImageElement | undefined): boolean =>
  picture !== undefined && picture.complete && picture.naturalWidth === 0

/** Whether the picture of this field came, or did not come, and can't be shown. */
export const hasBrokenPicture = (row: FieldRow): boolean => isBroken(pictures.get(imageUrl(row, 'full')))

/** The picture of a field, decoded or about to be. A broken one is tried again. */
export function picture(row: FieldRow): HTMLImageElement {
  fetchThumbnail(row)
  const url = imageUrl(row, 'full')
  const known = pictures.get(url)
  pictures.delete(url)
  const found = known && !isBroken(known) ? known : load(url)
  pictures.set(url, found)
  if (pictures.size > kept) pictures.delete(pictures.keys().next().value!)
  return found
}

/** Those on screen that did not come while the connection was lost. */
export function askAgainForPictures(): void {
  for (const image of document.images) {
    const { src } = image
    if (isBroken(image)) image.src = src
  }
}
