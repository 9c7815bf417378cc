import type { ProjectInfo } from '../../../../shared/domain'
import { on } from '../../lib/api'
import { session } from '../../lib/session.svelte'

/**
 * A sample that is being read for the first time is watched in the import view; once it is read, the review opens,
 * unless the person went elsewhere in the meantime.
 */
export function reviewWhenRead(project: ProjectInfo): void {
  const { counts } = project
  if (counts.total > 0 && counts.read + counts.failed >= counts.total) return session.go('review')
  session.go('import')
  const stop = on('run.progress', ({ kind, status }) => {
    if (kind !== 'recognise' || status === 'running' || status === 'paused') return
    stop()
    if (status === 'done' && session.view === 'import' && session.project?.path === project.path) session.go('review')
  })
}
