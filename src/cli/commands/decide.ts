import type { Command } from 'commander'
import { resolve } from 'node:path'
import { reviewerOf } from '../../core/app'
import { decideFromTable, decisionColumns, type RowOutcome, type TableRead } from '../../core/review'
import type { Act } from '../act'
import { withCore, type Session } from '../session'
import { counted, printable } from '../terminal'

export function addDecide(program: Command, act: Act): void {
  program
    .command('decide')
    .summary('take decisions from a table, as if typed in the review')
    .description(
      `Takes decisions from a table with the header ${decisionColumns.join(',')}. "file" is relative to the imported folder, as in ` +
        '"export --format full"; "page" counts from 1; "field" is empty for whole images; "state" is text (the default), blank or ' +
        'illegible. A row that cannot be used is reported, and the others are taken. What a person decided otherwise is left and reported.'
    )
    .argument('<project>', 'folder of the project')
    .requiredOption('--from <file.csv>', 'the table')
    .option('--reviewer <name>', 'whose decisions these are, where a row names nobody')
    .option('--encoding <name>', 'the encoding of the table, such as utf-8 or windows-1252 (default: found by looking)')
    .option('--replace', 'decide also what a person decided otherwise')
    .action(act(decideCommand))
}

async function decideCommand(
  session: Session,
  project: string,
  options: { from: string; reviewer?: string; replace?: true; encoding?: string }
) {
  const rows: RowOutcome[] = await withCore(session, {}, async (core) => {
    const { db, app } = await core.open(resolve(project))
    const found: RowOutcome[] = []
    const reviewer = options.reviewer?.trim() || reviewerOf(app)
    const how = {
      reviewer,
      replace: options.replace ?? false,
      encoding: options.encoding,
      signal: session.signal,
      onRead: ({ encoding }: TableRead) => encoding !== 'utf-8' && session.tell(`${options.from}: read as ${encoding}`)
    }
    for await (const row of decideFromTable(db, resolve(options.from), how)) found.push(row)
    return found
  })
  const count = (outcome: RowOutcome['outcome']): number => rows.filter((row) => row.outcome === outcome).length
  const value = { decided: count('decided'), same: count('same'), refused: count('refused'), rows }
  for (const { line, file, reason } of rows.filter(({ outcome }) => outcome === 'refused'))
    session.tell(`Line ${line}, ${file}: ${reason ?? ''}`)
  const text = `${counted(value.decided, 'field')} decided, ${value.same} as before, ${counted(value.refused, 'row')} refused`
  return { value, text: printable(text) }
}
