/**
 * Pages processes of their own beside those that lay pages on their templates: one for what a person waits for, and one for looking at
 * single files. In both the newest of what waits goes first.
 */
import { builtScript, spawnNode } from '../../processes'
import { createPagesClient, type PagesAhead } from './client'
import { newestFirst } from './newest-first'
import type { PagesCall, PagesCalls, PagesReply, PagesRequest } from './protocol'

/**
 * One process for all that ask in this shell, since it knows no project; started when it is first asked, ended when it idles.
 * @param signal given when nobody waits for it any more
 * @throws NominaError `unreadable` and others with a reason for people; `engine` where it was not built; the signal's reason
 */
type Ask = <N extends PagesCall>(
  name: N,
  input: PagesCalls[N]['input'],
  signal?: AbortSignal
) => Promise<PagesCalls[N]['output']>

function asking(first: boolean): { ask: Ask; warmUp(): void; open(): number } {
  let client: PagesAhead | null = null
  const theClient = (): PagesAhead =>
    (client ??= createPagesClient(spawnNode<PagesRequest, PagesReply>(builtScript('pages.js'), first), {
      processes: 1
    }))
  let open = 0
  // What is in view now does not wait for thousands of pictures that were scrolled past.
  const inTurn = newestFirst(4)
  const ask: Ask = (name, input, signal) => {
    open++
    return inTurn(() => theClient().call(name, input), signal).finally(() => open--)
  }
  return { ask, warmUp: () => theClient().warmUp(), open: () => open }
}

const pictures = asking(true)
/** What is shown to a person. */
export const askForPicture = pictures.ask
/** A window comes, and will ask: its first picture does not wait for the process. @throws NominaError `engine` */
export const warmUpPictures = pictures.warmUp
/** How many of these a person waits for. */
export const openPictures = pictures.open
/** What work needs to know of files; it gives way to the windows, and to pictures. */
export const askFiles = asking(false).ask
