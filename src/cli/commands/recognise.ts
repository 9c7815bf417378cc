import type { Command } from 'commander'
import { resolve } from 'node:path'
import { startRecognition } from '../../core/recognise/stage'
import { readWith, takeNewer } from '../../core/models/newer'
import { currentModel, modelsInUse, offeredReaders, type Project } from '../../core/project'
import { queueIds, readRows } from '../../core/review'
import type { Act } from '../act'
import { followRun } from '../project'
import { withCore, type Session } from '../session'
import { counted, whole } from '../terminal'

export interface ReadResult {
  model: string | null
  modelHash: string | null
  /** Models that read the fields which ask for them. */
  others: string[]
  /** Installed ones that are newer than what the project reads with. */
  newer: ReturnType<typeof offeredReaders>
  provider: string | null
  /** Why a faster provider was passed over; null where there is nothing to say. */
  note: string | null
  fieldsPerSecond: number | null
  /** Images: files with the same bytes count once. */
  read: number
  failed: number
  skipped: number
  failures: { file: string; reason: string }[]
}

const ROWS_AT_ONCE = 500

export function addRecognise(program: Command, act: Act): void {
  program
    .command('recognise')
    .summary('read every field that the model has not read yet')
    .description(
      "Reads every field of a project that the model has not read yet. With --model that model becomes the project's own. A project " +
        'goes on with the model that it has where a newer one of that name is installed; with --newer that takes its place, and reads ' +
        'what is undecided.'
    )
    .argument('<project>', 'folder of the project')
    .option('--model <id>', "the model to read with (default: the project's own)")
    .option('--newer', 'read with newer models than those that the project has, where any are installed')
    .option('--provider <name>', 'insist on an execution provider, such as cpu (default: the fastest that works)')
    .action(act(recogniseCommand))
}

interface Options {
  model?: string
  newer?: true
  provider?: string
}

async function recogniseCommand(session: Session, project: string, options: Options) {
  const result = await withCore(session, options, async (core) => {
    const opened = await core.open(resolve(project))
    if (options.model !== undefined) await readWith(opened, { id: options.model })
    if (options.newer) for (const { hash } of offeredReaders(opened)) await takeNewer(opened, hash)
    const run = opened.jobs.running('recognise') ?? startRecognition(opened)
    const [counts] = await followRun(session, opened, [run], { recognise: 'Reading' })
    return readResult(opened, counts)
  })
  for (const { file, reason } of result.failures) session.tell(`Not read: ${file}: ${reason}`)
  if (result.note) session.tell(result.note)
  for (const { id, reader } of result.newer)
    session.tell(
      `A newer model than ${reader} is installed: ${id}. The project goes on with its own; --newer reads what is undecided with the newer one.`
    )
  return { value: { project: resolve(project), ...result }, text: describeRead(result) }
}

/** What recognition did, with the fields that stay unread and why. */
export async function readResult(project: Project, result: unknown): Promise<ReadResult> {
  const { read, failed, skipped } = result as { read: number; failed: number; skipped: number }
  const { options } = project.app
  const model = currentModel(project)
  const { provider, fieldsPerSecond, providers } = project.engine.report()
  // The model is open: this only asks what was said of its provider.
  const loaded = model && (await project.engine.load(model, options.provider ?? null).catch(() => null))
  const passedOver = options.provider ? undefined : providers.find((one) => one.status === 'passed over')
  return {
    model: model?.manifest.id ?? null,
    modelHash: model?.hash ?? null,
    others: modelsInUse(project)
      .filter((other) => other !== model)
      .map(({ manifest }) => manifest.id),
    newer: offeredReaders(project),
    provider,
    note: loaded?.note ?? passedOver?.reason ?? null,
    fieldsPerSecond,
    read,
    failed,
    skipped,
    failures: failed > 0 ? listFailures(project) : []
  }
}

function listFailures({ db }: Project): { file: string; reason: string }[] {
  const ids = queueIds(db, { filter: { status: 'failed' }, order: 'file' })
  const failures: { file: string; reason: string }[] = []
  for (let start = 0; start < ids.length; start += ROWS_AT_ONCE) {
    for (const { file, note } of readRows(db, ids.slice(start, start + ROWS_AT_ONCE)))
      failures.push({ file, reason: note ?? 'The reason was not kept.' })
  }
  return failures
}

export function describeRead({ model, others, provider, read, failed, skipped, fieldsPerSecond }: ReadResult): string {
  const rate = fieldsPerSecond === null ? '' : `, ${whole(Math.round(fieldsPerSecond))} a second`
  const lines = [
    `${counted(read, 'image')} read by ${[model ?? 'no model', ...others].join(' and ')} on ${provider ?? 'no provider'}${rate}`
  ]
  if (skipped > 0) lines.push(`${whole(skipped)} had been read before`)
  if (failed > 0) lines.push(`${whole(failed)} could not be read (kept, with the reason)`)
  return lines.join('\n')
}
