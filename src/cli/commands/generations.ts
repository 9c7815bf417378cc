import { Argument, InvalidArgumentError, type Command } from 'commander'
import { resolve } from 'node:path'
import { useGeneration } from '../../core/learning'
import { generationsOf, type Generation } from '../../core/learning/describe'
import { fromOne, type Act } from '../act'
import { followRun } from '../project'
import { withCore, type Session } from '../session'
import { table } from '../terminal'

export function addGenerations(program: Command, act: Act): void {
  program
    .command('generations')
    .summary('list what a project’s readers have learnt, or go back')
    .description(
      'Lists the generations of a project’s readers with their figures. “use 2” reads with the second from now on, “back” with the ' +
        'one before; what is undecided is read again, and no decision changes. Without --reader that is the project’s own reader.'
    )
    .argument('<project>', 'folder of the project')
    .addArgument(new Argument('[what]', '“use” or “back”').choices(['use', 'back']))
    .argument('[number]', 'which one to use', fromOne)
    .option('--reader <name>', 'another reader, which templates name for fields of theirs')
    .action(act(generationsCommand))
}

async function generationsCommand(
  session: Session,
  project: string,
  action: 'use' | 'back' | undefined,
  number: number | undefined,
  { reader }: { reader?: string }
) {
  if (action === 'use' && number === undefined) throw new InvalidArgumentError('Say which generation to use: a number.')
  const value = await withCore(session, {}, async (core) => {
    const opened = await core.open(resolve(project))
    if (action) {
      await useGeneration(opened, action === 'back' ? 'back' : number!, reader)
      const reading = opened.jobs.running('recognise')
      if (reading) await followRun(session, opened, [reading], { recognise: 'Reading again' })
    }
    return { project: resolve(project), ...generationsOf(opened) }
  })
  return { value, text: describe(value) }
}

const describe = ({ others, ...own }: ReturnType<typeof generationsOf>): string =>
  [...(own.reader === null ? [] : [own]), ...others].map(describeReader).join('\n')

function describeReader({ reader, inUse, generations }: Omit<ReturnType<typeof generationsOf>, 'others'>): string {
  const rows = generations.map((one) => [
    one.inUse ? '→' : '',
    String(one.number),
    one.madeAt.slice(0, 16).replace('T', ' '),
    describeGeneration(one)
  ])
  const shipped = [inUse === null ? '→' : '', '0', '', `${reader}, as it was installed`]
  return table([shipped, ...rows])
}

/** Where the figures alone do not say it. */
const whyTaken: Record<string, string> = {
  likelier: ', taken since it finds the right texts more probable',
  likely: ', taken since it has learnt from more of a new hand and likely reads better'
}

/** One line. */
export function describeGeneration({ trainedOn, judges, taken, reason, selfTraining, seconds }: Generation): string {
  const share = (cer: number): string => (100 * cer).toFixed(1)
  const how = selfTraining ? `${trainedOn} fields and others as read` : `${trainedOn} fields`
  const outcome = taken ? (whyTaken[reason] ?? '') : ', kept and not used'
  return (
    `learnt from ${how} in ${Math.round(seconds)} s: ${share(judges.before.cer)} → ${share(judges.after.cer)} characters wrong of 100 ` +
    `on ${judges.rows} fields, each read by what had not learnt from it${outcome}`
  )
}
