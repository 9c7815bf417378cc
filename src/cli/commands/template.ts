import type { Command } from 'commander'
import { resolve } from 'node:path'
import { NominaError } from '../../shared/failure'
import { exportTemplate } from '../../core/forms/templates'
import { findTemplateByName, listTemplates } from '../../core/store/templates'
import type { Act } from '../act'
import { withCore, type Session } from '../session'
import { counted, printable } from '../terminal'

export function addTemplate(program: Command, act: Act): void {
  const template = program.command('template').summary('propose the boxes of a form, or write a project’s template')
  template
    .command('propose')
    .summary('find the printed boxes of a form')
    .description('Finds printed boxes, writing lines and tick boxes in the image of a form, and prints them as JSON.')
    .argument('<image>', 'an image or a PDF')
    .option('--page <number>', 'of the file, from 1', Number)
    .action(act(proposeCommand))
  template
    .command('export')
    .summary('write a template of a project as JSON with its image')
    .argument('<project>', 'folder of the project')
    .argument('<name>', 'of the template')
    .requiredOption('--out <path>', 'the JSON file; the image is written beside it')
    .option('--force', 'overwrite files that exist')
    .action(act(exportCommand))
}

async function proposeCommand(session: Session, image: string, { page }: { page?: number }) {
  const path = resolve(image)
  const value = await withCore(session, {}, async ({ app: { pages } }) => {
    await pages.call('open', { path })
    const picture = await pages.call('picture', { path, number: page ?? 1, turns: null, longest: null, type: 'png' })
    const { boxes } = await pages.call('propose', { image: picture.bytes })
    return { image: path, width: picture.width, height: picture.height, boxes }
  })
  return { value, text: JSON.stringify(value, null, 2) }
}

async function exportCommand(session: Session, project: string, name: string, options: { out: string; force?: true }) {
  const files = await withCore(session, {}, async (core) => {
    const { db } = await core.open(resolve(project))
    const found = findTemplateByName(db, name)
    if (!found) {
      const known = listTemplates(db).map((one) => `“${one.name}”`)
      throw new NominaError('not-found', `There is no template “${name}”. Known are: ${known.join(', ') || 'none'}.`)
    }
    return exportTemplate(db, found.id, options.out, options.force === true)
  })
  return { value: { files }, text: [`${counted(files.length, 'file')} written`, ...files.map(printable)].join('\n') }
}
