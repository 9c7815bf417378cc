import type { ImageSize } from '../../shared/contract'
import type { PageImageSize } from '../../shared/contract/forms'
import { messageOf, NominaError } from '../../shared/failure'
import type { WindowSession } from '../sessions'
import { plainText, type PageRequest, type PageResponse } from './response'

export type Images = Pick<WindowSession, 'image' | 'pageImage' | 'templateImage'>

const imagePath = /^\/(crop|page|template)\/([1-9]\d{0,14})\/(thumbnail|screen|full)$/
const missing = new Set(['not-found', 'no-project'])

/** Whether a path is that of an image, or tries to be. */
export const isImagePath = (path: string): boolean => /^\/(crop|page|template)\//.test(path)

/**
 * The image of a field (`/crop/<id>/<thumbnail|full>`), of a page (`/page/<id>/<thumbnail|screen|full>`) or of a template
 * (`/template/<id>/<screen|full>`): by id and never by path.
 */
export async function respondImage(images: Images, request: PageRequest): Promise<PageResponse> {
  const [, what, id, size] = imagePath.exec(request.path) ?? []
  if (!what || !id || !size || (unsized[what] ?? '') === size) return plainText(404, 'No such image.')
  try {
    const { bytes, type, etag } = await imageOf(images, what, Number(id), size, request.signal)
    const headers = {
      etag,
      // The version in the URL changes with the pixels; without one the browser has to ask.
      'cache-control': request.query.has('v') ? 'private, max-age=31536000, immutable' : 'private, no-cache'
    }
    if (request.ifNoneMatch === etag) return { status: 304, headers, body: null }
    return { status: 200, headers: { ...headers, 'content-type': type }, body: bytes }
  } catch (error) {
    if (request.signal?.aborted) return plainText(422, 'Nobody waits for it any more.')
    if (!(error instanceof NominaError)) console.error(error)
    const known = error instanceof NominaError
    return plainText(known ? (missing.has(error.code) ? 404 : 422) : 500, messageOf(error))
  }
}

/** The size that a kind of image does not have. */
const unsized: Record<string, string> = { crop: 'screen', template: 'thumbnail' }

function imageOf(
  images: Images,
  what: string,
  id: number,
  size: string,
  signal?: AbortSignal
): ReturnType<Images['image']> {
  if (what === 'page') return images.pageImage(id, size as PageImageSize)
  return what === 'template' ? images.templateImage(id) : images.image(id, size as ImageSize, signal)
}
