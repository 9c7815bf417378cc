/** What a window shows and how it may behave: the built page, its files, and the images of fields, pages and templates, for both shells. */
import { warmUpPictures } from '../../reading/pages/process'
import { createPageFiles } from './files'
import { isExportedPath, respondExported, type Exported } from './exported'
import { isImagePath, respondImage, type Images } from './images'
import { plainText, secured, type PageRequest, type PageResponse } from './response'

export { isImagePath } from './images'
export { securityHeaders } from './policy'
export { type PageRequest, type PageResponse } from './response'

/** What a page shows of its project. */
export type Shown = Images & Exported

/** @param session of whoever asks: images and exports are of the project that it shows */
export type Page = (request: PageRequest, session: Shown) => Promise<PageResponse>

export function createPage(rendererDir: string): Page {
  const fileAt = createPageFiles(rendererDir)
  return async (request, session) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return secured(methodNotAllowed())
    if (isImagePath(request.path)) return secured(await respondImage(session, request))
    if (isExportedPath(request.path)) return secured(await respondExported(session, request))
    if (request.path === '/') expectPictures()
    const file = await fileAt(request.path)
    if (!file) return secured(plainText(404, 'Nothing is here.'))
    const caching = file.hashed ? 'private, max-age=31536000, immutable' : 'no-cache'
    return secured({
      status: 200,
      headers: { 'content-type': file.type, 'cache-control': caching },
      body: file.bytes
    })
  }
}

/** The window that begins here shows some as soon as it can. */
function expectPictures(): void {
  try {
    warmUpPictures()
  } catch {
    // Whoever asks for a picture is told.
  }
}

function methodNotAllowed(): PageResponse {
  const response = plainText(405, 'Only GET is answered here.')
  return { ...response, headers: { ...response.headers, allow: 'GET, HEAD' } }
}
