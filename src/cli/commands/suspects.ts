import type { Command } from 'commander'
import { resolve } from 'node:path'
import { openedProject } from '../../core/context'
import { currentModel } from '../../core/jobs'
import { findSuspects, listSuspects } from '../../core/quality'
import type { Suspect } from '../../shared/contract/quality'
import type { Act } from '../program'
import { openExisting } from '../project'
import { withCore, type Session } from '../session'
import { counted, printable, table, whole } from '../terminal'

/** One label of the list that `--json` prints. */
interface Listed {
  file: string
  label: string
  reading: string
  /** That the label is wrong. */
  probability: number
}

const ROWS_AT_ONCE = 1000
/** Rows of the table without --json. */
const SHOWN = 40

export function addSuspects(program: Command, act: Act): void {
  program
    .command('suspects')
    .summary('list imported labels by how likely they are wrong')
    .description(
      `Holds every imported label against what the model read and lists them, likeliest wrong first. With --json: an array of {file, label, reading, probability} of all of them; else the first ${SHOWN} with the reasons.`
    )
    .argument('<project>', 'folder of the project')
    .action(act(suspectsCommand))
}

async function suspectsCommand(session: Session, project: string) {
  const { suspects, expected, labelled } = await withCore(session, {}, async ({ context }) => {
    await openExisting(context, resolve(project))
    const { db } = openedProject(context)
    const { expected, labelled } = await findSuspects(db, {
      model: currentModel(context),
      signal: session.signal,
      onProgress: (done, total) =>
        session.progress.update({ what: 'Checking labels', done, total, failed: 0, rate: null, timeLeft: null })
    })
    const suspects: Suspect[] = []
    for (let more = true; more;) {
      const page = listSuspects(db, { from: suspects.length, limit: ROWS_AT_ONCE, undecided: false, minProbability: 0 })
      suspects.push(...page.suspects)
      more = page.suspects.length > 0 && suspects.length < page.total
    }
    return { suspects, expected, labelled }
  })
  const value = suspects.map(({ file, label, reading, probability }): Listed => ({
    file,
    label,
    reading,
    probability: round(probability)
  }))
  const unread = labelled - suspects.length
  if (unread > 0) session.tell(`${counted(unread, 'field')} with a label and no reading: nothing can be said of them.`)
  return { value, text: describe(suspects, expected) }
}

function describe(suspects: Suspect[], expected: number): string {
  const rows = suspects
    .slice(0, SHOWN)
    .map(({ file, label, reading, probability, evidence }) => [
      printable(file),
      printable(label),
      printable(reading),
      `${(probability * 100).toFixed(1)} %`,
      evidence.map(({ kind }) => kind).join(', ')
    ])
  const shown = suspects.length > SHOWN ? ` The first ${SHOWN} are shown; --json prints all.` : ''
  return [
    table([['file', 'label', 'reading', 'wrong', 'why'], ...rows]),
    '',
    `${counted(suspects.length, 'label')}, of which some ${whole(Math.round(expected))} are expected to be wrong.${shown}`
  ].join('\n')
}

/** Six digits say more than is known, and keep the order. */
const round = (probability: number): number => Math.round(probability * 1e6) / 1e6
