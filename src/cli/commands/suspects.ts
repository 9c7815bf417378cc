import type { Command } from 'commander'
import { resolve } from 'node:path'
import { currentModel } from '../../core/project'
import { findSuspects, listSuspects } from '../../core/quality'
import type { ReadOnlyDatabase } from '../../core/store'
import { unjudgedLabels } from '../../core/store/suspects'
import type { Suspect } from '../../shared/contract/quality'
import type { Act } from '../act'
import { withCore, type Session } from '../session'
import { counted, printable, table, whole } from '../terminal'

/** One label of the list that `--json` prints. */
interface Listed {
  file: string
  label: string
  /** Null where the field could not be read. */
  reading: string | null
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
  const { suspects, unjudged, expected } = await withCore(session, {}, async (core) => {
    const opened = await core.open(resolve(project))
    const { db } = opened
    const { expected } = await findSuspects(db, {
      model: currentModel(opened),
      signal: session.signal,
      onProgress: (done, total) =>
        session.progress.update({ what: 'Checking labels', done, total, failed: 0, rate: null, timeLeft: null })
    })
    return { suspects: readAll(db), unjudged: unjudgedLabels(db), expected }
  })
  if (unjudged.length > 0)
    session.tell(`${counted(unjudged.length, 'field')} with a label and no reading: as likely wrong as any other.`)
  return { value: listed(suspects, unjudged, expected / suspects.length), text: describe(suspects, expected) }
}

function readAll(db: ReadOnlyDatabase): Suspect[] {
  const suspects: Suspect[] = []
  for (;;) {
    const page = listSuspects(db, { from: suspects.length, limit: ROWS_AT_ONCE, undecided: false, minProbability: 0 })
    suspects.push(...page.suspects)
    if (!page.suspects.length || suspects.length >= page.total) return suspects
  }
}

/** Every label, worst first; of one whose field is not read nothing is known but how many of all are wrong. */
function listed(suspects: Suspect[], unjudged: { file: string; label: string }[], usual: number): Listed[] {
  const judged = suspects.map(({ file, label, reading, probability }) => ({ file, label, reading, probability }))
  const others = unjudged.map(({ file, label }) => ({ file, label, reading: null, probability: usual }))
  return [...judged, ...others]
    .map((row): Listed => ({ ...row, probability: round(row.probability) }))
    .sort((a, b) => b.probability - a.probability)
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
