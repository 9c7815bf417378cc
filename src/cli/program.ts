import { Command, CommanderError } from 'commander'
import { messageOf, NominaError } from '../shared/failure'
import { collect, type Act, type GlobalOptions } from './act'
import { addDecide } from './commands/decide'
import { addDisk } from './commands/disk'
import { addDoctor } from './commands/doctor'
import { addEvaluate } from './commands/evaluate'
import { addExport } from './commands/export'
import { addGenerations } from './commands/generations'
import { addImport } from './commands/import'
import { addLearn } from './commands/learn'
import { addLearning } from './commands/learning'
import { addModels } from './commands/models'
import { addRead } from './commands/read'
import { addRecognise } from './commands/recognise'
import { addRelink } from './commands/relink'
import { addBringBack, addRemove } from './commands/remove'
import { addReport } from './commands/report'
import { addServe } from './commands/serve'
import { addStatus } from './commands/status'
import { addSuspects } from './commands/suspects'
import { addTakeIn } from './commands/take-in'
import { addTemplate } from './commands/template'
import { addWorker } from './commands/worker'
import { openLog, type Log } from './log'
import { createSession, type Outcome } from './session'
import type { Settings } from '../core/app/installation'
import { printable, toJsonLine, type Terminal } from './terminal'

const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const

const AFTER = `
With --json, standard output holds exactly one JSON value: the result, or {"error": {"code", "message"}}.
Exit code: 0 done (also where single items failed: they are stored, counted and listed), 1 the command failed,
2 wrong usage, 130 stopped by Ctrl+C (what was done until then is kept).`

/**
 * Runs one command line and returns its exit code; never throws, never ends the process.
 * @param given the arguments after the program's name
 */
export async function runCommandLine(
  given: string[],
  { settings, terminal, signal }: { settings: Settings; terminal: Terminal; signal: AbortSignal }
): Promise<number> {
  const json = asksForJson(given)
  const log = openLog(settings.dataDir)
  const startedAt = performance.now()
  let exitCode: number = EXIT.ok
  const act: Act =
    (body) =>
    async (...args) => {
      const { models = [] } = program.opts<GlobalOptions>()
      const session = createSession({ settings, terminal, log, signal, models })
      try {
        const outcome = await body(session, ...args)
        session.progress.clear()
        if (!outcome.said) print(terminal, json, outcome)
        exitCode = outcome.exitCode ?? EXIT.ok
        await outcome.until
      } finally {
        session.progress.clear()
      }
    }
  const program = createProgram(settings.version, terminal, json, act)
  const code = await program.parseAsync(given, { from: 'user' }).then(
    () => exitCode,
    (error: unknown) => reportFailure(error)
  )
  log.info({ command: given[0], code, ms: Math.round(performance.now() - startedAt) }, 'done')
  return code

  function reportFailure(error: unknown): number {
    const failure = explain(error, signal)
    if (failure.code === EXIT.ok) return EXIT.ok // help or the version was asked for and printed
    if (!failure.said) terminal.stderr.write(`${printable(failure.message)}\n`)
    if (failure.id === 'internal') reportFault(error, log, terminal, program.opts<GlobalOptions>().verbose === true)
    if (json) terminal.stdout.write(toJsonLine({ error: { code: failure.id, message: failure.message } }))
    return failure.code
  }
}

function createProgram(version: string, terminal: Terminal, json: boolean, act: Act): Command {
  const program = new Command('nomina')
    .description('Turns folders of scanned handwritten name fields into clean, verified, training-ready data.')
    .version(version)
    .option('--json', 'print exactly one JSON value on standard output and nothing else')
    .option('--models <dir>', 'a folder with more models; on equal ids it wins (repeatable, the last wins)', collect)
    .option('--verbose', 'say more on standard error')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(json ? toJsonLine({ help: text.trimEnd() }) : text),
      writeErr: (text) => terminal.stderr.write(text)
    })
    .addHelpText('after', AFTER)
  program.helpCommand('help [command]', 'say more about a command')
  addImport(program, act)
  addRecognise(program, act)
  addStatus(program, act)
  addDisk(program, act)
  addTemplate(program, act)
  addRelink(program, act)
  addRemove(program, act)
  addBringBack(program, act)
  addSuspects(program, act)
  addDecide(program, act)
  addLearn(program, act)
  addLearning(program, act)
  addGenerations(program, act)
  addTakeIn(program, act)
  addExport(program, act)
  addReport(program, act)
  addRead(program, act)
  addEvaluate(program, act)
  addModels(program, act)
  addDoctor(program, act)
  addServe(program, act)
  addWorker(program, act)
  return program
}

function print({ stdout }: Terminal, json: boolean, { value, text }: Outcome): void {
  if (json) stdout.write(toJsonLine(value))
  else if (text) stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Known before parsing, since a command line that can't be parsed must answer in JSON as well. */
function asksForJson(given: string[]): boolean {
  const end = given.indexOf('--')
  return given.slice(0, end === -1 ? undefined : end).includes('--json')
}

interface Explained {
  code: number
  id: string
  message: string
  /** Commander has put it on standard error itself. */
  said: boolean
}

function explain(error: unknown, signal: AbortSignal): Explained {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return { code: EXIT.ok, id: '', message: '', said: true }
    const message = error.code === 'commander.help' ? 'Say which command to run; see nomina --help.' : error.message
    const said = error.code !== 'commander.help'
    return { code: EXIT.usage, id: 'usage', message: message.replace(/^error: /, ''), said }
  }
  if (signal.aborted) {
    return {
      code: EXIT.interrupted,
      id: 'cancelled',
      message: 'Stopped. What was done until now is kept.',
      said: false
    }
  }
  if (error instanceof NominaError) return { code: EXIT.failed, id: error.code, message: error.message, said: false }
  return { code: EXIT.failed, id: 'internal', message: `A fault in Nomina: ${messageOf(error)}`, said: false }
}

function reportFault(error: unknown, log: Log, { stderr }: Terminal, verbose: boolean): void {
  log.error({ error: error instanceof Error ? error.stack : String(error) }, 'fault')
  if (verbose && error instanceof Error && error.stack) stderr.write(`${error.stack}\n`)
}
