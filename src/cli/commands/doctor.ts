import type { Command } from 'commander'
import { checkEverything } from '../doctor'
import type { Check, Diagnosis } from '../doctor/check'
import type { Act } from '../act'
import { openCore, type Session } from '../session'
import { printable } from '../terminal'
import { NominaError } from '../../shared/failure'

const SIGNS: Record<Check['status'], string> = {
  ok: 'ok      ',
  note: 'note    ',
  missing: 'missing ',
  failed: 'FAILED  '
}

export function addDoctor(program: Command, act: Act): void {
  program
    .command('doctor')
    .summary('check this machine and say what is missing')
    .description(
      'Checks this machine: platform, execution providers, models, the store, fonts, display. Says what is missing and what to do. ' +
        'Exit code 1 where something failed that Nomina cannot work without.'
    )
    .option('--provider <name>', 'insist on an execution provider, such as cpu')
    .action(act(doctorCommand))
}

async function doctorCommand(session: Session, options: { provider?: string }) {
  const core = await openCore(session, options.provider ?? null).catch((error: unknown) => {
    if (error instanceof NominaError) return error
    throw error
  })
  try {
    const diagnosis = await checkEverything(session.settings, core, options.provider ?? null)
    return { value: diagnosis, text: describe(diagnosis), exitCode: diagnosis.ok ? 0 : 1 }
  } finally {
    if (!(core instanceof NominaError)) await core.close()
  }
}

function describe({ checks, ok }: Diagnosis): string {
  const lines = checks.flatMap(({ status, name, found, advice }) => [
    `${SIGNS[status]}${name}: ${printable(found)}`,
    ...(advice ? [`        ${printable(advice)}`] : [])
  ])
  return [...lines, '', ok ? 'Nomina can work on this machine.' : 'Nomina cannot work on this machine yet.'].join('\n')
}
