/** A pages process of its own for what people wait for, and for looking at single files: it never stands behind a page that is laid on its template. */
import { builtScript, spawnNode } from '../../processes'
import { createPagesClient, type PagesClient } from './client'
import type { PagesCall, PagesCalls, PagesReply, PagesRequest } from './protocol'

let client: PagesClient | null = null

/**
 * One process for all that ask in this shell, since it knows no project; started when it is first asked, ended when it idles.
 * @throws NominaError `unreadable` and others with a reason for people; `engine` where it was not built
 */
export function askFiles<N extends PagesCall>(
  name: N,
  input: PagesCalls[N]['input']
): Promise<PagesCalls[N]['output']> {
  client ??= createPagesClient(spawnNode<PagesRequest, PagesReply>(builtScript('pages.js')), { processes: 1 })
  return client.call(name, input)
}
