import { Option, type Command } from 'commander'
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { makeReport } from '../../core/report'
import { reportLanguage, type ReportLanguage } from '../../shared/contract/export'
import { NominaError, say } from '../../shared/failure'
import type { Act } from '../act'
import { withCore, type Session } from '../session'
import { printable } from '../terminal'

interface Options {
  out: string
  language: ReportLanguage
  names?: true
  force?: true
}

export function addReport(program: Command, act: Act): void {
  program
    .command('report')
    .summary('write a page about a project to print or send')
    .description(
      'Writes one HTML file: how many fields were read and decided, how sure the labels are and how that is known, before and after, and ten fields drawn at random. Names are masked.'
    )
    .argument('<project>', 'folder of the project')
    .requiredOption('--out <path>', 'the HTML file')
    .addOption(new Option('--language <which>', 'its language').choices(reportLanguage.options).default('en'))
    .option('--names', 'show whole names, whole crops and who decided')
    .option('--force', 'overwrite a file that exists')
    .action(act(reportCommand))
}

async function reportCommand(session: Session, project: string, { out, language, names, force }: Options) {
  const path = resolve(out)
  const html = await withCore(session, {}, async (core) =>
    makeReport(await core.open(resolve(project)), { language, masked: !names })
  )
  await writeFile(path, html, { flag: force ? 'w' : 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? new NominaError('exists', say('isThere', { path })) : error
  })
  return { value: { project: resolve(project), path, masked: !names }, text: `Written: ${printable(path)}` }
}
