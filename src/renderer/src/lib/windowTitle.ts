/** What stands in the tab: how far a long operation is comes first, since tabs are narrow. */
import type { Progress } from '../../../shared/domain'

export function windowTitle(project: string | null, run: Pick<Progress, 'status' | 'done' | 'total'> | null): string {
  const name = project === null ? 'Nomina' : `${project} – Nomina`
  if (!run || !run.total) return name
  const share = `${Math.floor((100 * Math.min(run.done, run.total)) / run.total)} %`
  return `${run.status === 'paused' ? '⏸ ' : ''}${share} · ${name}`
}
