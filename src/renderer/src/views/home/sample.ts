import type { ProjectInfo } from '../../../../shared/domain'
import { call, on } from '../../lib/api'
import { session } from '../../lib/session.svelte'
import { firstToShow } from './firstToShow'

/** Fields looked at for one to begin with: those that are doubted most come first. */
const lookedAt = 100

/**
 * A sample that is being read for the first time is watched in the import view; once it is read, the review opens,
 * unless the person went elsewhere in the meantime.
 */
export async function reviewWhenRead(project: ProjectInfo): Promise<void> {
  if (isRead(project)) return openReview()
  session.awaited = project.path
  session.go('import')
  const isShown = (): boolean => session.view === 'import' && session.project?.path === project.path
  const stop = on('run.progress', ({ kind, status }) => {
    session.awaited = null
    if (kind !== 'recognise' || status === 'running' || status === 'paused') return
    stop()
    if (status === 'done' && isShown()) void openReview()
  })
  // What was told before anybody listened is asked for.
  const now = await call('project.info', {}).catch(() => null)
  if (!now || !isRead(now) || !isShown()) return
  stop()
  session.setProject(now)
  await openReview()
}

const isRead = ({ counts }: ProjectInfo): boolean => counts.total > 0 && counts.read + counts.failed >= counts.total

/** The first field that a newcomer sees shows what the review is for: one letter in doubt, and one key that settles it. */
async function openReview(): Promise<void> {
  try {
    const filter = { status: 'undecided' } as const
    const { ids } = await call('fields.ids', { filter, order: 'confidence', atMost: lookedAt })
    const { rows } = await call('fields.rows', { ids })
    const first = firstToShow(rows)
    if (first) return session.openInReview({ fieldId: first.id, filter: { status: 'undecided' } })
  } catch {
    // Where it can't be looked for, the review begins as ever.
  }
  session.go('review')
}
