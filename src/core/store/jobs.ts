/** Long operations as they are kept: of what kind, how far, whose process, how they ended. */
import type { RunKind, RunStatus } from '../../shared/domain'
import { isAlive as isAliveProcess } from '../../reading/processes'
import type { Database, ReadOnlyDatabase } from './handle'
import { reading } from './statements'

export interface StoredJob {
  id: number
  kind: RunKind
  status: RunStatus
  parameters: string
  result: string | null
  error: string | null
  pid: number
  /** ISO time of its last sign of life. */
  heartbeat: string
}

/** How often a run says that it is alive. */
export const HEARTBEAT_MS = 10_000
/** A process without a sign of life for so long is another one that got the number of the one that died. */
const SILENT_MS = 6 * HEARTBEAT_MS

const now = (): string => new Date().toISOString()

export function insertRun(db: Database, kind: RunKind, parameters: unknown): number {
  const at = now()
  const inserted = db
    .prepare(
      `INSERT INTO runs (kind, status, parameters, pid, heartbeat, started_at) VALUES (?, 'running', ?, ?, ?, ?)`
    )
    .run(kind, JSON.stringify(parameters), process.pid, at, at)
  return Number(inserted.lastInsertRowid)
}

/** A sign of life; one that can't be written now is followed by another. */
export function keepAlive(db: Database, id: number): void {
  try {
    db.prepare('UPDATE runs SET heartbeat = ? WHERE id = ?').run(now(), id)
  } catch {
    // The store is busy, full or closed: whoever writes something that matters tells of it.
  }
}

export function setRunStatus(db: Database, id: number, status: 'running' | 'paused'): void {
  db.prepare('UPDATE runs SET status = ?, heartbeat = ? WHERE id = ?').run(status, now(), id)
}

export function endRun(
  db: Database,
  id: number,
  end: { status: RunStatus; result?: unknown; error?: string | null }
): void {
  const result = end.result === undefined ? null : JSON.stringify(end.result)
  db.prepare('UPDATE runs SET status = ?, result = ?, error = ?, ended_at = ? WHERE id = ?').run(
    end.status,
    result,
    end.error ?? null,
    now(),
    id
  )
}

/** The newest first, however they ended. */
export const jobsOfKind = (db: ReadOnlyDatabase, kind: RunKind, limit: number): StoredJob[] =>
  reading<[string, number], StoredJob>(
    db,
    'SELECT id, kind, status, parameters, result, error, pid, heartbeat FROM runs WHERE kind = ? ORDER BY id DESC LIMIT ?'
  ).all(kind, limit)

/** The newest run of a kind, however it ended. */
export function lastJobOfKind(db: ReadOnlyDatabase, kind: RunKind, status?: RunStatus): StoredJob | null {
  const run = db
    .prepare(
      `SELECT id, kind, status, parameters, result, error, pid, heartbeat FROM runs
       WHERE kind = @kind AND (@status IS NULL OR status = @status) ORDER BY id DESC LIMIT 1`
    )
    .get({ kind, status: status ?? null }) as StoredJob | undefined
  return run ?? null
}

export const findJob = (db: ReadOnlyDatabase, id: number): StoredJob | null =>
  db
    .prepare<[number], StoredJob>(
      'SELECT id, kind, status, parameters, result, error, pid, heartbeat FROM runs WHERE id = ?'
    )
    .get(id) ?? null

/** Runs that a process left behind when it died. Those of a living process are its own. */
export function interruptOrphans(db: Database): StoredJob[] {
  const open = db
    .prepare(
      `SELECT id, kind, status, parameters, result, error, pid, heartbeat FROM runs WHERE status IN ('running', 'paused') ORDER BY id`
    )
    .all() as StoredJob[]
  const orphans = open.filter((run) => run.pid === process.pid || !isAlive(run))
  for (const run of orphans) endRun(db, run.id, { status: 'interrupted', error: 'Nomina was stopped while it ran.' })
  return orphans
}

/** Another living process that runs something of this kind on the project, or null. */
export function foreignRun(db: ReadOnlyDatabase, kind: RunKind): StoredJob | null {
  const open = db
    .prepare(
      `SELECT id, kind, status, parameters, result, error, pid, heartbeat FROM runs WHERE status = 'running' AND kind = ? AND pid <> ?`
    )
    .all(kind, process.pid) as StoredJob[]
  return open.find(isAlive) ?? null
}

/**
 * Numbers of processes are given out again, after a restart of the machine above all. A sign of life from the future is one
 * from before the clock was set back.
 */
function isAlive({ pid, heartbeat }: StoredJob): boolean {
  return Math.abs(Date.now() - Date.parse(heartbeat)) <= SILENT_MS && isAliveProcess(pid)
}

/**
 * Jobs that were cut off, by a kill or by a quit, and that nothing has gone on with since, oldest first.
 * @param isStage whether any later job of the kind has taken over what this one left
 */
export function cutOffJobs(db: ReadOnlyDatabase, isStage: (kind: RunKind) => boolean): StoredJob[] {
  const jobs = db
    .prepare<[], StoredJob>('SELECT id, kind, status, parameters, result, error, pid, heartbeat FROM runs ORDER BY id')
    .all()
  const goesOn = (job: StoredJob, later: StoredJob): boolean =>
    later.kind === job.kind && (isStage(job.kind) || sameAs(later.parameters) === sameAs(job.parameters))
  return jobs.filter(
    (job, at) => job.status === 'interrupted' && !jobs.slice(at + 1).some((later) => goesOn(job, later))
  )
}

/** The order of keys is no difference. */
const sameAs = (parameters: string): string =>
  JSON.stringify(Object.entries(JSON.parse(parameters) as object).sort(([a], [b]) => (a < b ? -1 : 1)))
