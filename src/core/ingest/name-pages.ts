/**
 * Pages of a project from before contents had names of their own are known by their file's bytes alone: in a file that changes, none
 * would be found again. They are named while the files are what they were, one after the other, and nobody waits for it.
 */
import { immediate, getSetting, setSetting, type Database } from '../store'
import { filesOfUnnamedPages, nameContent } from '../store/contents'
import { turn } from '../store/slices'
import type { IdentifyPages } from './inspect'
import { absoluteOf } from './places'
import { hashOf } from './plan/hashes'

/** Set once all of them were looked at. */
const done = 'pagesNamed'

/** No page is decoded. @throws the signal's reason, where the project is being closed; the next start goes on */
export async function nameOldPages(db: Database, identify: IdentifyPages, signal: AbortSignal): Promise<void> {
  if (getSetting(db, done)) return
  for (const file of filesOfUnnamedPages(db)) {
    signal.throwIfAborted()
    const path = absoluteOf(file)
    if ((await hashOf(db, path)) !== file.sha256) continue
    const hashes = await identify(path, { decode: false }).catch(() => [])
    signal.throwIfAborted()
    immediate(db, () => {
      for (const { contentId, number } of file.pages) nameContent(db, contentId, hashes[number - 1] ?? [])
    })
    await turn(db)
  }
  immediate(db, () => setSetting(db, done, true))
}
