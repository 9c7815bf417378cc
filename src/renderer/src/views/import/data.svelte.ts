/** What the import view shows besides the session: the last report, the failed files and the histogram, kept fresh. */
import type { Output } from '../../../../shared/contract'
import type { ImportReport } from '../../../../shared/domain'
import type { PageCounts } from '../../../../shared/forms'
import { call, messageOf, on } from '../../lib/api'

const bins = 20
/** While fields are being read each answer is asked for again at most this often, in ms. */
const interval = 700

export class ImportData {
  loaded = $state(false)
  failure = $state<string | null>(null)
  report = $state.raw<ImportReport | null>(null)
  problems = $state.raw<Output<'import.problems'>>({ failed: [], total: 0, notes: [] })
  pages = $state.raw<PageCounts | null>(null)
  histogram = $state.raw<Output<'confidence.histogram'> | null>(null)
  #timer: ReturnType<typeof setTimeout> | null = null
  #askedAt = 0

  /** Listens until the returned function is called. */
  watch(): () => void {
    void this.refresh()
    const stops = [
      on('fields.changed', () => this.#refreshSoon()),
      on('run.progress', ({ status }) => status !== 'running' && this.#refreshSoon()),
      on('pages.changed', ({ counts }) => (this.pages = counts)),
      on('project.changed', () => this.#refreshSoon())
    ]
    return () => {
      for (const stop of stops) stop()
      if (this.#timer) clearTimeout(this.#timer)
    }
  }

  async refresh(): Promise<void> {
    this.#askedAt = Date.now()
    try {
      const [report, problems, histogram, pages] = await Promise.all([
        call('import.report', {}),
        call('import.problems', {}),
        call('confidence.histogram', { bins }),
        call('pages.counts', {})
      ])
      this.report = report
      this.problems = problems
      this.histogram = histogram
      this.pages = pages
      this.failure = null
    } catch (error) {
      this.failure = messageOf(error)
    }
    this.loaded = true
  }

  #refreshSoon(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = null
        void this.refresh()
      },
      Math.max(40, this.#askedAt + interval - Date.now())
    )
  }
}
