import type { Command } from 'commander'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { linesOf, runWorker, type WorkerAnswer } from '../../reading/worker'
import type { Act } from '../act'
import { withReader, type ReadWith } from '../read-images'
import type { Outcome, Session } from '../session'
import { toJsonLine } from '../terminal'

interface Options extends ReadWith {
  template?: string
}

const FORMAT = `
A request is one line: {"id": "7", "path": "a/b.jpg"}. "bytes" (base64) may stand instead of "path"; "template" names the
JSON of a form that the file's pages are laid on; "model" is read with instead of --model. An answer is one line, in order
of finishing: {"id", "sha256", "fields": [{"page", "name", "quad", "text", "confidence", "alternatives", "spans", "model"}]}
or {"id", "error"}. "spans" are characters with their pixels on the field. It ends with its input.`

export function addWorker(program: Command, act: Act): void {
  program
    .command('worker')
    .summary('read what comes on standard input, one JSON object a line')
    .description(
      'Reads files without a project: requests on standard input, results on standard output, one JSON object a line.'
    )
    .option('--model <id>', 'the model to read with')
    .option('--provider <name>', 'insist on an execution provider, such as cpu (default: the fastest that works)')
    .option('--template <file.json>', 'every file holds pages of this form')
    .addHelpText('after', FORMAT)
    .action(act(workerCommand))
}

async function workerCommand(session: Session, options: Options): Promise<Outcome> {
  const { stdin, stdout } = session.terminal
  const write = async (answer: WorkerAnswer): Promise<void> => {
    if (stdout.write(toJsonLine(answer)) === false) await once(stdout as NodeJS.WritableStream, 'drain')
  }
  await withReader(session, options, async (reader, model, models) => {
    // A model that can't be used is said at once, not with every answer.
    const { note } = await reader.engine.load(model, options.provider ?? null)
    if (note) session.tell(note)
    const lines = linesOf(stdin ?? Readable.from([]), session.signal)
    return runWorker(reader, lines, write, {
      model,
      models,
      template: options.template === undefined ? undefined : resolve(options.template),
      signal: session.signal
    })
  })
  return { value: null, text: '', said: true }
}
