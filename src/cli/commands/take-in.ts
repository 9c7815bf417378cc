import type { Command } from 'commander'
import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import * as v from 'valibot'
import { reviewerOf } from '../../core/app'
import { takeIn } from '../../core/review/take-in'
import { waitingFile, type TakenIn, type WaitingFile } from '../../shared/contract/waiting'
import { messageOf, NominaError, say } from '../../shared/failure'
import type { Act } from '../act'
import { withCore, type Session } from '../session'
import { counted, printable } from '../terminal'

export function addTakeIn(program: Command, act: Act): void {
  program
    .command('take-in')
    .summary('take in what waited in a window that could not find Nomina again')
    .description(
      'Takes in a file that a window wrote with “Save what waits as a file”. Each decision is stored only where nothing else ' +
        'was decided meanwhile; what is refused is listed with its reason. The same file again changes nothing.'
    )
    .argument('<project>', 'folder of the project')
    .argument('<file>', 'the file that the window wrote')
    .option('--reviewer <name>', 'whose decisions these are, in place of the name in the file')
    .action(act(takeInCommand))
}

async function takeInCommand(session: Session, project: string, path: string, options: { reviewer?: string }) {
  const file = await readWaiting(resolve(path))
  const steps = await withCore(session, {}, async (core) => {
    const opened = await core.open(resolve(project))
    return takeIn(opened, file, options.reviewer?.trim() || file.reviewer || reviewerOf(opened.app))
  })
  const count = (outcome: TakenIn['outcome']): number => steps.filter((step) => step.outcome === outcome).length
  const value = { stored: count('stored'), same: count('same'), refused: count('refused'), steps }
  for (const { at, what, fields, reason } of steps.filter(({ outcome }) => outcome === 'refused'))
    session.tell(`${at}, ${what}${fields.length === 1 ? ` on field ${fields[0]}` : ''}: ${reason ?? ''}`)
  const text = `${counted(value.stored, 'step')} stored, ${value.same} stored before, ${value.refused} refused`
  return { value, text: printable(text) }
}

const mostBytes = 64 * 1024 * 1024

/** @throws NominaError('not-found' | 'invalid-input') */
async function readWaiting(path: string): Promise<WaitingFile> {
  const size = await stat(path).then(
    (found) => (found.isFile() ? found.size : null),
    () => null
  )
  if (size === null) throw new NominaError('not-found', say('noFile', { path }))
  if (size > mostBytes) throw new NominaError('invalid-input', `${path} is no file of what waited: it is too large.`)
  try {
    return v.parse(waitingFile, JSON.parse(await readFile(path, 'utf8')), { abortEarly: true })
  } catch (error) {
    const why = error instanceof v.ValiError ? error.issues[0].message : messageOf(error)
    throw new NominaError('invalid-input', `${path} is no file of what waited in a window: ${why}.`, { cause: error })
  }
}
