import type { Command } from 'commander'
import { resolve } from 'node:path'
import { applyRelink, previewRelink } from '../../core/ingest'
import type { Act } from '../act'
import { withCore, type Session } from '../session'
import { counted } from '../terminal'

export function addRelink(program: Command, act: Act): void {
  program
    .command('relink')
    .summary('tell a project where its images have moved to')
    .description(
      'Tells a project that a folder of images has moved. Each file is compared by its bytes before it is taken.'
    )
    .argument('<project>', 'folder of the project')
    .argument('<old>', 'the imported folder, as it was called')
    .argument('<new>', 'where it is now')
    .action(act(relinkCommand))
}

async function relinkCommand(session: Session, project: string, from: string, to: string) {
  const { preview, result } = await withCore(session, {}, async (core) => {
    const { db } = await core.open(resolve(project))
    const preview = await previewRelink(db, from, resolve(to))
    session.signal.throwIfAborted()
    return { preview, result: await applyRelink(db, from, resolve(to)) }
  })
  for (const { file, reason } of preview.examples) session.tell(`Left as it was: ${file}: ${reason}`)
  const value = { project: resolve(project), from, to: resolve(to), ...result, ...preview }
  return {
    value,
    text: `${counted(result.relinked, 'file')} relinked, ${counted(result.left, 'file')} left as they were`
  }
}
