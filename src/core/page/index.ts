/** What a window shows and how it may behave: the built page, its files and the crops, for both shells. */
import type { Core } from '../app'
import { respondCrop } from './crops'
import { createPageFiles } from './files'
import { plainText, secured, type PageRequest, type PageResponse } from './response'

export { contentSecurityPolicy, securityHeaders } from './policy'
export { plainText, secured, type PageRequest, type PageResponse } from './response'

export type Page = (request: PageRequest) => Promise<PageResponse>

export function createPage(core: Pick<Core, 'image'>, rendererDir: string): Page {
  const fileAt = createPageFiles(rendererDir)
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return secured(methodNotAllowed())
    if (request.path.startsWith('/crop/')) return secured(await respondCrop(core, request))
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

function methodNotAllowed(): PageResponse {
  const response = plainText(405, 'Only GET is answered here.')
  return { ...response, headers: { ...response.headers, allow: 'GET, HEAD' } }
}
