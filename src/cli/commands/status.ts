import type { Command } from 'commander'
import { resolve } from 'node:path'
import { readProblems } from '../../core/ingest'
import { copyOf, projectInfo, type CopyOf } from '../../core/project'
import { pageCounts } from '../../core/store/pages'
import { queueIds } from '../../core/review'
import { countLabels, countSources, lastJobs, type LastJob } from '../../core/store/standing'
import type { Counts, Problem } from '../../shared/domain'
import type { PageCounts } from '../../shared/forms'
import { decisionKinds } from '../../shared/states'
import type { Act } from '../act'
import { withCore, type Session } from '../session'
import { counted, printable, table, whole } from '../terminal'

interface Status {
  project: string
  name: string
  /** What it was copied from, where it is a copy. */
  copyOf: CopyOf | null
  /** Why nothing can be changed in it; null where it can. */
  readingOnly: string | null
  /** What is wrong with its file. */
  problem: string | null
  counts: Counts
  currentModel: string | null
  roots: { path: string; reachable: boolean }[]
  sources: { ok: number; failed: number; missing: number }
  /** Fields that the last import opened again, and how many of them are still open. */
  reopened: { lastImport: number; open: number }
  /** Decided fields of which nobody knows whether the file has changed since. */
  doubtful: number
  /** Pages by status; all 0 where every image is a field. */
  pages: PageCounts
  /** Rows of labels files, and how many of them belong to a file. */
  labels: { rows: number; attached: number }
  /** The newest run of each kind. */
  runs: LastJob[]
  problems: { file: string; reason: string }[]
  problemsTotal: number
  /** Of what was taken in, what is to be known: a second form on a sheet, say. */
  notes: { file: string; reason: string }[]
}

export function addStatus(program: Command, act: Act): void {
  program
    .command('status')
    .summary('say what is in a project and how far it is')
    .description(
      'Says what is in a project and how far it is: counts, folders, the model, the last runs, and what could not be used.'
    )
    .argument('<project>', 'folder of the project')
    .action(act(statusCommand))
}

async function statusCommand(session: Session, project: string) {
  const status = await withCore(session, {}, async (core): Promise<Status> => {
    const opened = await core.open(resolve(project))
    const { db } = opened
    const { path, name, counts, currentModel, roots, readingOnly, problem } = projectInfo(opened)
    const original = copyOf(db)
    const { failed, total, notes } = readProblems(db)
    return {
      project: path,
      name,
      copyOf: original,
      readingOnly,
      problem,
      counts,
      currentModel,
      roots,
      sources: countSources(db),
      reopened: {
        lastImport: queueIds(db, { filter: { reopened: 'last-import' }, order: 'file' }).length,
        open: queueIds(db, { filter: { reopened: 'last-import', status: 'undecided' }, order: 'file' }).length
      },
      doubtful: queueIds(db, { filter: { doubtful: true }, order: 'file' }).length,
      pages: pageCounts(db),
      labels: countLabels(db),
      runs: lastJobs(db),
      problems: failed.map(({ file, reason }: Problem) => ({ file, reason })),
      problemsTotal: total,
      notes: notes.map(({ file, reason }: Problem) => ({ file, reason }))
    }
  })
  return { value: status, text: describe(status) }
}

const describeCounts = ({ total, matched, unmatched, pending, discarded, failed }: PageCounts): string =>
  `${whole(total)}: ${whole(matched)} on a template, ${whole(unmatched)} unmatched, ${whole(failed)} failed, ${whole(discarded)} discarded, ${whole(pending)} waiting`

function describe(status: Status): string {
  const { counts, sources } = status
  const decided = decisionKinds.reduce((sum, kind) => sum + counts[kind], 0)
  const rows = [
    ['project', printable(status.project)],
    ...(status.copyOf
      ? [
          [
            'copy of',
            `${printable(status.copyOf.path)}, noticed ${status.copyOf.at}: what is decided in one is not in the other. They are not merged, as the same field may be decided in both: export one with --format decisions, and give its table to the other with decide --from`
          ]
        ]
      : []),
    ...(status.readingOnly === null ? [] : [['opened', 'for reading only']]),
    ...(status.problem === null ? [] : [['problem', printable(status.problem)]]),
    ['fields', whole(counts.total)],
    ['read', `${whole(counts.read)} by ${status.currentModel ?? 'no model'}`],
    ['decided', `${whole(decided)} (${decisionKinds.map((kind) => `${whole(counts[kind])} ${kind}`).join(', ')})`],
    ['undecided', `${whole(counts.undecided)}, of which ${whole(counts.differs)} differ from their imported label`],
    ...(status.reopened.lastImport > 0
      ? [
          [
            'reopened',
            `${whole(status.reopened.lastImport)} by the last import, ${whole(status.reopened.open)} of them still open`
          ]
        ]
      : []),
    ...(status.doubtful > 0
      ? [['doubtful', `${whole(status.doubtful)} decided on a file that had changed at some time: look at them again`]]
      : []),
    ['failed', whole(counts.failed)],
    ['files', `${whole(sources.ok)} good, ${whole(sources.failed)} failed, ${whole(sources.missing)} missing`],
    ...(status.pages.total > 0 ? [['pages', describeCounts(status.pages)]] : []),
    ['labels', `${whole(status.labels.rows)}, ${whole(status.labels.attached)} attached`],
    ...status.roots.map((root) => [
      'folder',
      `${printable(root.path)}${root.reachable ? '' : ' (not there: see relink)'}`
    ]),
    ...status.runs.map((run) => [
      run.kind,
      `${run.status}, ${run.startedAt}${run.error ? `: ${printable(run.error)}` : ''}`
    ])
  ]
  const problems = status.problems.map(({ file, reason }) => `  ${printable(file)}: ${printable(reason)}`)
  const heading = problems.length > 0 ? ['', `${counted(status.problemsTotal, 'problem')}:`] : []
  const notes = status.notes.map(({ file, reason }) => `Note: ${printable(file)}: ${printable(reason)}`)
  return [table(rows), ...heading, ...problems, ...notes].join('\n')
}
