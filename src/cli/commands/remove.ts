import { InvalidArgumentError, type Command } from 'commander'
import { resolve } from 'node:path'
import { NominaError, say } from '../../shared/failure'
import { reviewerOf } from '../../core/app'
import { bringBack, previewRemoval, removeFiles } from '../../core/ingest'
import type { Project } from '../../core/project'
import { fieldsUnder } from '../../core/store/places'
import { listImports, listRemovals } from '../../core/store/removals'
import { fromOne, type Act } from '../act'
import { withCore, type Session } from '../session'
import { counted, printable } from '../terminal'

interface Options {
  import?: number
  dryRun?: true
}

export function addRemove(program: Command, act: Act): void {
  program
    .command('remove')
    .summary('take files out of a project, or undo an import')
    .description(
      'Takes files out of a project with all that was read and decided of them. The scans stay where they are, and nothing is deleted: ' +
        'bring-back, or importing the files again, brings their decisions back. Without files it lists the imports that can be undone.'
    )
    .argument('<project>', 'folder of the project')
    .argument('[files...]', 'files and folders as the project names them, relative to the folder that was imported')
    .option('--import <number>', 'the files that this import added', fromOne)
    .option('--dry-run', 'only say what would go')
    .action(act(removeCommand))
}

export function addBringBack(program: Command, act: Act): void {
  program
    .command('bring-back')
    .summary('bring back what was taken out of a project')
    .description(
      'Brings back files that were taken out of a project, with their decisions. Without a number it lists them.'
    )
    .argument('<project>', 'folder of the project')
    .argument('[number]', 'which removal', fromOne)
    .action(act(bringBackCommand))
}

async function removeCommand(session: Session, folder: string, files: string[], options: Options) {
  const path = resolve(folder)
  if (files.length && options.import !== undefined) throw new InvalidArgumentError('Give files or --import, not both.')
  return withCore(session, {}, async (core) => {
    const project = await core.open(path)
    if (!files.length && options.import === undefined) return listed(project)
    const what = options.import === undefined ? { fieldIds: fieldsAt(project, files) } : { run: options.import }
    const going = previewRemoval(project.db, what)
    const gone = `${counted(going.files, 'file')}, ${counted(going.fields, 'field')} and ${counted(going.decisions, 'decision')}`
    if (options.dryRun) return { value: { project: path, ...going }, text: `${gone} would go. Nothing was changed.` }
    const removal = await removeFiles(project.db, what, reviewerOf(project.app))
    return {
      value: { project: path, removal, ...going },
      text: `${gone} were taken out. To bring them back: nomina bring-back ${printable(folder)} ${removal}`
    }
  })
}

async function bringBackCommand(session: Session, folder: string, number: number | undefined) {
  const path = resolve(folder)
  return withCore(session, {}, async (core) => {
    const { db } = await core.open(path)
    if (number === undefined) {
      const removals = listRemovals(db, 50)
      const lines = removals.map(
        ({ id, at, files, example, decisions }) =>
          `${id}  ${at}  ${counted(files, 'file')} (${example} …), ${counted(decisions, 'decision')}`
      )
      return { value: { project: path, removals }, text: printable(lines.join('\n') || 'Nothing was taken out.') }
    }
    const files = await bringBack(db, number)
    return { value: { project: path, files }, text: `${counted(files, 'file')} brought back` }
  })
}

function listed({ db, path }: Project) {
  const imports = listImports(db, 50)
  const lines = imports.map(({ run, at, files, example }) => `${run}  ${at}  ${counted(files, 'file')} (${example} …)`)
  return { value: { project: path, imports }, text: printable(lines.join('\n') || 'Nothing was imported yet.') }
}

/** @throws NominaError('not-found') the project has no such file */
const fieldsAt = ({ db }: Project, files: string[]): number[] =>
  files.flatMap((path) => {
    const found = fieldsUnder(db, path.replaceAll('\\', '/').replace(/\/$/, ''))
    if (!found.length) throw new NominaError('not-found', say('noFileOrFolder', { path }))
    return found
  })
