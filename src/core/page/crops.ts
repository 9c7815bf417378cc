import type { ImageSize } from '../../shared/contract'
import type { Core } from '../app'
import { messageOf, NominaError } from '../failure'
import { plainText, type PageRequest, type PageResponse } from './response'

const cropPath = /^\/crop\/([1-9]\d{0,14})\/(thumbnail|full)$/
const missing = new Set(['not-found', 'no-project'])

/** `/crop/<field id>/<thumbnail|full>`: the image of a field, by id and never by path. */
export async function respondCrop(core: Pick<Core, 'image'>, request: PageRequest): Promise<PageResponse> {
  const [, id, size] = cropPath.exec(request.path) ?? []
  if (!id || !size) return plainText(404, 'No such image.')
  try {
    const { bytes, type, etag } = await core.image(Number(id), size as ImageSize)
    const headers = {
      etag,
      // The version in the URL changes with the pixels; without one the browser has to ask.
      'cache-control': request.query.has('v') ? 'private, max-age=31536000, immutable' : 'private, no-cache'
    }
    if (request.ifNoneMatch === etag) return { status: 304, headers, body: null }
    return { status: 200, headers: { ...headers, 'content-type': type }, body: bytes }
  } catch (error) {
    if (!(error instanceof NominaError)) console.error(error)
    const known = error instanceof NominaError
    return plainText(known ? (missing.has(error.code) ? 404 : 422) : 500, messageOf(error))
  }
}
