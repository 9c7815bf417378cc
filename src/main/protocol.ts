import { net, protocol } from 'electron'
import { isImagePath, type Page, type Shown } from '../core/page'
import { pageHost, pageScheme } from '../shared/wire'

/**
 * Serves `nomina://app/…`: the built page and the crops.
 * @param session of the window
 * @param developmentUrl Vite's server, where it runs: the page then comes from there, under the same origin
 */
export function servePage(page: Page, session: Shown, developmentUrl: string | null): void {
  protocol.handle(pageScheme, async (request) => {
    const url = new URL(request.url)
    if (url.host !== pageHost) return new Response('Nothing is here.', { status: 404 })
    if (developmentUrl && !isImagePath(url.pathname))
      return net.fetch(new URL(url.pathname + url.search, developmentUrl).href)
    const asked = { method: request.method, path: url.pathname, query: url.searchParams, signal: request.signal }
    const response = await page({ ...asked, ifNoneMatch: request.headers.get('if-none-match') }, session)
    const body = request.method === 'HEAD' || response.body === null ? null : toBody(response.body)
    return new Response(body, { status: response.status, headers: response.headers })
  })
}

const toBody = (body: Buffer | string): string | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' ? body : new Uint8Array(body)
