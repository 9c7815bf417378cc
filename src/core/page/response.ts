import { securityHeaders } from './policy'

/** A request for the page, a file of it or a crop, as both shells see it. */
export interface PageRequest {
  method: string
  /** Path of the URL as it was sent, not decoded. */
  path: string
  query: URLSearchParams
  ifNoneMatch: string | null
  /** Given when nobody waits for an answer any more. */
  signal?: AbortSignal
}

export interface PageResponse {
  status: number
  headers: Record<string, string>
  body: Buffer | string | null
}

export const plainText = (status: number, message: string): PageResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: message
})

export const secured = (response: PageResponse): PageResponse => ({
  ...response,
  headers: { ...response.headers, ...securityHeaders }
})
