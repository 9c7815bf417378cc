/** A pages process of its own for what people wait for, and for looking at single files: it never stands behind a page that is laid on its template. */
import { builtScript, spawnNode } from '../../processes'
import { createPagesClient, type PagesClient } from './client'
import { newestFirst } from './newest-first'
import type { PagesCall, PagesCalls, PagesReply, PagesRequest } from './protocol'

let client: PagesClient | null = null
/** What is in view now does not wait for thousands of pictures that were scrolled past. */
const inTurn = newestFirst(4)

/**
 * One process for all that ask in this shell, since it knows no project; started when it is first asked, ended when it idles.
 * @param signal given when nobody waits for it any more
 * @throws NominaError `unreadable` and others with a reason for people; `engine` where it was not built; the signal's reason
 */
export function askFiles<N extends PagesCall>(
  name: N,
  input: PagesCalls[N]['input'],
  signal?: AbortSignal
): Promise<PagesCalls[N]['output']> {
  return inTurn(() => {
    client ??= createPagesClient(spawnNode<PagesRequest, PagesReply>(builtScript('pages.js')), { processes: 1 })
    return client.call(name, input)
  }, signal)
}
