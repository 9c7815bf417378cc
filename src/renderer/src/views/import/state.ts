/** What the import view says, from the runs, the counts and the folders: one state at a time. */
import type { Counts, Progress, ProjectInfo } from '../../../../shared/domain'
import { bringsFields, runKinds } from '../../../../shared/job-kinds'

export type ImportPhase =
  /** Nothing was imported yet. */
  | 'empty'
  | 'running'
  | 'paused'
  /** Fields are waiting to be read and nothing runs: cancelled, interrupted or failed. */
  | 'stopped'
  /** Every field failed. */
  | 'all-failed'
  | 'done'

export interface ImportState {
  phase: ImportPhase
  /** The latest of each kind by which fields or their readings come, in the order of work. */
  latest: Progress[]
  importing: Progress | null
  reading: Progress | null
  /** Runs that can be paused, or resumed where the phase is `paused`. */
  active: Progress[]
  /** A run that ended before its work was done, the latest. */
  stopped: Progress | null
  /** Fields without a reading of the current model that could have one. */
  unread: number
}

const isActive = (run: Progress): boolean => run.status === 'running' || run.status === 'paused'

/**
 * @param pages how many pages the project has: those that lie on no template have no fields yet
 * @param refused files that could not be used: of a page none has a field
 */
export function importState(runs: readonly Progress[], counts: Counts | null, pages = 0, refused = 0): ImportState {
  const ofKind = (kind: Progress['kind']): Progress | null => runs.filter((run) => run.kind === kind).at(-1) ?? null
  const importing = ofKind('import')
  const reading = ofKind('recognise')
  const latest = runKinds.filter(bringsFields).flatMap((kind) => ofKind(kind) ?? [])
  const active = latest.filter(isActive)
  const stopped = latest.filter((run) => !isActive(run) && run.status !== 'done').at(-1) ?? null
  const unread = counts ? Math.max(0, counts.total - counts.read - counts.failed) : 0
  return { phase: phase(), latest, importing, reading, active, stopped, unread }

  function phase(): ImportPhase {
    if (active.some((run) => run.status === 'running')) return 'running'
    if (active.length > 0) return 'paused'
    if (stopped) return 'stopped'
    if (!counts || counts.total === 0) return pages > 0 ? 'done' : refused > 0 ? 'all-failed' : 'empty'
    if (counts.failed === counts.total) return 'all-failed'
    return unread > 0 ? 'stopped' : 'done'
  }
}

/** Widths of the bar's parts in per cent: what is read, what is imported but not read yet, what failed. */
export function barParts(state: ImportState, counts: Counts | null): { read: number; waiting: number; failed: number } {
  const { importing, reading } = state
  const total = Math.max(
    importing && isActive(importing) ? (importing.total ?? 0) : 0,
    reading?.total ?? 0,
    counts?.total ?? 0
  )
  if (total === 0) return { read: 0, waiting: 0, failed: 0 }
  const share = (value: number): number => Math.min(100, (100 * value) / total)
  const failed = share(counts?.failed ?? 0)
  const read = Math.min(100 - failed, share(reading && isActive(reading) ? reading.done : (counts?.read ?? 0)))
  const imported = share(importing && isActive(importing) ? importing.done : (counts?.total ?? 0))
  return { read, waiting: Math.max(0, imported - failed - read), failed }
}

export const unreachableRoots = (project: ProjectInfo | null): string[] =>
  (project?.roots ?? []).filter((root) => !root.reachable).map((root) => root.path)
