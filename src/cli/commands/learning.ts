import type { Command } from 'commander'
import { resolve } from 'node:path'
import { learningStatus, removeLearning, setUpLearning, type SetupStatus } from '../../core/learning'
import type { Act } from '../act'
import { withCore, type Session } from '../session'
import { printable } from '../terminal'

export function addLearning(program: Command, act: Act): void {
  const learning = program
    .command('learning')
    .summary('set up what learning needs, or take it away')
    .description('Sets up what learning needs on this machine: Python’s packages, in a folder of Nomina’s own.')
  learning
    .command('setup')
    .summary('install or renew it; goes on where it was cut off')
    .option('--python <path>', 'the Python to use, 3.10 or newer (default: uv, else the one that is found)')
    .option('--wheels <folder>', 'install from the wheels in this folder, without the network')
    .action(act(setupCommand))
  learning.command('status').summary('say whether it is set up, and how large it is').action(act(statusCommand))
  learning.command('remove').summary('take it away; what was learnt stays').action(act(removeCommand))
}

async function setupCommand(session: Session, { python, wheels }: { python?: string; wheels?: string }) {
  const status = await withCore(session, {}, ({ app }) =>
    setUpLearning(app, {
      python,
      wheels: wheels === undefined ? undefined : resolve(wheels),
      signal: session.signal,
      onLine: (line) => session.tell(line)
    })
  )
  return { value: status, text: describe(status) }
}

async function statusCommand(session: Session) {
  const status = await withCore(session, {}, ({ app }) => learningStatus(app))
  return { value: status, text: describe(status) }
}

async function removeCommand(session: Session) {
  const status = await withCore(session, {}, async ({ app }) => {
    await removeLearning(app)
    return learningStatus(app)
  })
  return { value: status, text: describe(status) }
}

function describe({ state, folder, bytes, torch, problem }: SetupStatus): string {
  if (state === 'none') return 'Learning is not set up on this machine: nomina learning setup'
  if (state === 'broken')
    return `What learning needs is broken: ${printable(problem ?? '')} Set it up again: nomina learning setup`
  const renew = state === 'outdated' ? '. It is of another version of Nomina: nomina learning setup renews it' : ''
  return `Learning is set up: PyTorch ${torch ?? ''}, ${(bytes / 1e6).toFixed(0)} MB in ${printable(folder)}${renew}`
}
