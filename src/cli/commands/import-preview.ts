/** What an import is about to do to what is known, said before it does anything. */
import { createInterface } from 'node:readline/promises'
import { scanPaths } from '../../core/ingest'
import { previewOfImport, type ImportInput } from '../../core/ingest/job'
import type { Project } from '../../core/project'
import { hasStore } from '../../core/store'
import { listRoots } from '../../core/store/sources'
import { NominaError } from '../../shared/failure'
import type { ImportPreview } from '../../shared/domain'
import { withCore, type Outcome, type Session } from '../session'
import { counted, whole } from '../terminal'

type Given = Pick<ImportInput, 'paths' | 'pages'>

/** @throws NominaError('cancelled') where a person at the terminal calls it off */
export async function callOffOrGoOn(session: Session, project: Project, given: Given, yes: boolean): Promise<void> {
  if (!listRoots(project.db).length) return
  const preview = await previewOfImport(project, given)
  session.tell(describePreview(preview))
  const { reopened, decidedGone } = preview
  // A script is told, and goes on: nothing that was decided is lost by it.
  if (yes || (!reopened && !decidedGone) || !process.stdin.isTTY || !session.terminal.stderr.isTTY) return
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question('Go on? [y/N] ', { signal: session.signal }).finally(() => terminal.close())
  if (!/^y(es)?$/i.test(answer.trim())) throw new NominaError('cancelled', 'Called off: nothing was changed.')
}

export async function dryRun(session: Session, project: string, given: Given): Promise<Outcome> {
  const preview = hasStore(project)
    ? await withCore(session, {}, async (core) => previewOfImport(await core.open(project), given))
    : { ...nothingKnown, added: (await scanPaths(given.paths, { signal: session.signal })).files.length }
  return { value: { project, preview }, text: describePreview(preview) }
}

const nothingKnown: ImportPreview = {
  same: 0,
  moved: 0,
  changed: 0,
  added: 0,
  gone: 0,
  pages: { same: 0, moved: 0, changed: 0, gone: 0 },
  reopened: 0,
  decidedGone: 0,
  decidedBack: 0
}

function describePreview(preview: ImportPreview): string {
  const { same, moved, changed, added, gone, pages, reopened, decidedGone, decidedBack } = preview
  const parts = [
    `Files: ${whole(same)} the same, ${whole(moved)} moved, ${whole(changed)} changed, ${whole(added)} new, ${whole(gone)} gone.`
  ]
  if (pages.same + pages.moved + pages.changed + pages.gone > 0) {
    const { same: kept, moved: led, changed: other, gone: lost } = pages
    parts.push(
      `Pages in files that changed: ${whole(kept)} the same, ${whole(led)} moved, ${whole(other)} changed, ${whole(lost)} gone.`
    )
  }
  parts.push(reopened ? `${counted(reopened, 'decision')} would be open again.` : 'No decision would be open again.')
  if (decidedGone) parts.push(`The scans of ${counted(decidedGone, 'decided field')} are gone.`)
  if (decidedBack) parts.push(`${counted(decidedBack, 'decision')} on files that were removed would come back.`)
  return parts.join(' ')
}
