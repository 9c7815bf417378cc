import { InvalidArgumentError, type Command } from 'commander'
import { resolve } from 'node:path'
import { startLearning } from '../../core/learning'
import { generationsOf, type Generation } from '../../core/learning/describe'
import type { Act } from '../act'
import { followRun } from '../project'
import { withCore, type Session } from '../session'
import { describeGeneration } from './generations'

export function addLearn(program: Command, act: Act): void {
  program
    .command('learn')
    .summary('train the readers on what was decided')
    .description(
      'Trains each reader of a project on the decisions in its fields, in two passes: on what was decided, then also on the other fields as they ' +
        'are read by then. A generation that its judges call better is used at once, and what is undecided is read again.'
    )
    .argument('<project>', 'folder of the project')
    .option('--budget <seconds>', 'how long each pass may train (default: 60)', seconds)
    .action(act(learnCommand))
}

async function learnCommand(session: Session, project: string, options: { budget?: number }) {
  const value = await withCore(session, {}, async (core) => {
    const opened = await core.open(resolve(project))
    const known = new Set(allOf(generationsOf(opened)).map(({ file }) => file))
    const words = { learn: 'Learning', recognise: 'Reading again' }
    await followRun(session, opened, [startLearning(opened, options)], words)
    const reading = opened.jobs.running('recognise')
    if (reading) await followRun(session, opened, [reading], words)
    const now = generationsOf(opened)
    const made = allOf(now).filter(({ file }) => !known.has(file))
    return { project: resolve(project), inUse: now.inUse, generations: made }
  })
  return { value, text: value.generations.map(told).join('\n') }
}

const allOf = ({ generations, others }: ReturnType<typeof generationsOf>): Generation[] => [
  ...generations,
  ...others.flatMap((other) => other.generations)
]

const told = (generation: Generation): string =>
  `${describeGeneration(generation)}${generation.taken ? '' : '\nThe reader in use stays: the judges can’t tell that this one is better.'}`

function seconds(given: string): number {
  const value = Number(given)
  if (!Number.isFinite(value) || value <= 0 || value > 86_400)
    throw new InvalidArgumentError('It must be a number of seconds above 0, at most 86400.')
  return value
}
