import type { Command } from 'commander'
import { describeModels, tryModels } from '../../core/models'
import type { Act } from '../act'
import { withCore, type Session } from '../session'
import { printable, table } from '../terminal'

export function addModels(program: Command, act: Act): void {
  program
    .command('models')
    .summary('list the models, and those that are refused')
    .description(
      'Tries each model, and lists those that can read, where they lie, and those that are refused with the reason.'
    )
    .action(act(modelsCommand))
}

async function modelsCommand(session: Session) {
  const { models, refused, folder } = await withCore(session, {}, async ({ app }) => {
    await tryModels(app)
    return describeModels(app, null)
  })
  for (const { path, reason } of refused)
    session.tell(reason.includes(path) ? `Refused: ${reason}` : `Refused: ${path}: ${reason}`)
  const value = { models: models.map(({ current: _, ...model }) => model), refused, folder }
  if (models.length === 0) return { value, text: `There are no models. Put one into ${printable(folder)}.` }
  const rows = models.map(({ id, title, input, bytes, folder }) => [
    id,
    title,
    input,
    `${(bytes / 1e6).toFixed(1)} MB`,
    printable(folder)
  ])
  return { value, text: table(rows) }
}
