import { messageOf, NominaError } from '../../shared/failure'
import type { WindowSession } from '../sessions'
import { plainText, type PageRequest, type PageResponse } from './response'

export type Exported = Pick<WindowSession, 'exported'>

const exportedPath = /^\/exported\/([1-9]\d{0,14})\/(\d{1,3})$/

/** Whether a path is that of a file of an export, or tries to be. */
export const isExportedPath = (path: string): boolean => path.startsWith('/exported/')

/** `/exported/<id of the export>/<index of its file>`, as a file to keep: by id and never by path. */
export async function respondExported(session: Exported, { path }: PageRequest): Promise<PageResponse> {
  const [, id, index] = exportedPath.exec(path) ?? []
  if (id === undefined || index === undefined) return plainText(404, 'No such file.')
  try {
    const { name, bytes } = await session.exported(Number(id), Number(index))
    const plain = name.replace(/[^\w. -]/g, '_')
    const headers = {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}`,
      'cache-control': 'no-store'
    }
    return { status: 200, headers, body: bytes }
  } catch (error) {
    if (!(error instanceof NominaError)) console.error(error)
    const code = error instanceof NominaError ? error.code : 'internal'
    return plainText({ refused: 403, internal: 500 }[code] ?? 404, messageOf(error))
  }
}
