/** The pages of the wall: ids by filter, rows as they come into view, what is selected, and what is done to them. */
import { createSubscriber } from 'svelte/reactivity'
import type { PageCounts, PageFilter, PageRow, TemplateRow } from '../../../../../shared/forms'
import { t } from '../../../i18n'
import { call, messageOf, on } from '../../../lib/api'
import { orToast } from '../../../lib/orToast'
import { toast } from '../../../lib/toasts.svelte'
import { RowCache } from '../../../lib/rows'
import * as selections from '../../list/selection'
import { lowScore } from '../words'

export const views = ['problems', 'all', 'matched', 'low', 'unmatched', 'failed', 'discarded', 'pending'] as const
export type WallView = (typeof views)[number]

/** Asked for again at most this often while a run changes pages, ms. */
const interval = 700

const filterOf = (view: WallView, search: string, templateId: number | null): PageFilter => ({
  ...(view === 'low' ? { status: 'matched' as const, maxScore: lowScore } : { status: view }),
  ...(search.trim() === '' ? {} : { search: search.trim() }),
  ...(templateId === null ? {} : { templateId })
})

/** Kept while other views are shown. */
const kept = $state({ view: 'all' as WallView, search: '', templateId: null as number | null })

/** Pages in the order of the wall, to go from one to the next: of all pages where this one is not among them. */
export async function pagesAround(id: number): Promise<readonly number[]> {
  const { ids } = await call('pages.ids', { filter: filterOf(kept.view, kept.search, kept.templateId) })
  return ids.includes(id) ? ids : (await call('pages.ids', { filter: {} })).ids
}

export class WallModel {
  ids = $state.raw<readonly number[]>([])
  counts = $state.raw<PageCounts | null>(null)
  templates = $state.raw<readonly TemplateRow[]>([])
  selection = $state.raw(selections.nothingSelected)
  failure = $state<string | null>(null)
  templatesFailure = $state<string | null>(null)
  loaded = $state(false)
  #touched: () => void = () => undefined
  readonly #subscribe = createSubscriber((update) => {
    this.#touched = update
  })
  readonly #rows = new RowCache<PageRow>({
    fetchRows: async (ids) => (await call('pages.rows', { ids })).pages,
    onchange: () => this.#touched()
  })
  #generation = 0
  #timer: ReturnType<typeof setTimeout> | null = null
  #askedAt = 0

  get view(): WallView {
    return kept.view
  }
  get search(): string {
    return kept.search
  }
  get templateId(): number | null {
    return kept.templateId
  }

  row(id: number): PageRow | undefined {
    this.#subscribe()
    return this.#rows.get(id)
  }

  want(first: number, last: number): void {
    this.#rows.want(this.ids, first, last)
  }

  watch(): () => void {
    const stops = [
      on('pages.changed', ({ ids, counts }) => {
        this.counts = counts
        this.#rows.invalidate(ids)
        this.#refreshSoon()
      }),
      on('templates.changed', ({ templates }) => (this.templates = templates)),
      // What is decided on fields shows on their pages.
      on('fields.changed', () => {
        this.#rows.invalidate(null)
      })
    ]
    return () => {
      for (const stop of stops) stop()
      if (this.#timer) clearTimeout(this.#timer)
    }
  }

  /** @param here the page that becomes the active one, where it is among them */
  async load(here: number | null = null): Promise<void> {
    const generation = ++this.#generation
    this.#askedAt = Date.now()
    try {
      const before = this.ids
      const { ids, counts } = await call('pages.ids', { filter: filterOf(kept.view, kept.search, kept.templateId) })
      if (generation !== this.#generation) return
      this.counts = counts
      this.ids = ids
      this.selection = selections.carryOver(this.selection, before, ids)
      const at = here === null ? -1 : ids.indexOf(here)
      if (at >= 0) this.selection = selections.move(this.selection, ids, at)
      this.failure = null
    } catch (error) {
      if (generation === this.#generation) this.failure = messageOf(error)
    }
    this.loaded = true
  }

  async loadTemplates(): Promise<void> {
    try {
      this.templates = (await call('templates.list', {})).templates
      this.templatesFailure = null
    } catch (error) {
      this.templatesFailure = messageOf(error)
    }
  }

  show(next: Partial<typeof kept>): Promise<void> {
    Object.assign(kept, next)
    this.selection = selections.nothingSelected
    return this.load()
  }

  move = (to: number, extend = false): void => {
    this.selection = selections.move(this.selection, this.ids, to, extend)
  }
  press = (index: number, how: { toggle?: boolean; extend?: boolean }): void => {
    // A plain click only makes a page the active one: opening it is the double click or Enter.
    this.selection =
      how.toggle || how.extend
        ? selections.press(this.selection, this.ids, index, how)
        : selections.clear(selections.move(this.selection, this.ids, index))
  }
  toggle = (): void => {
    this.selection = selections.toggleActive(this.selection, this.ids)
  }
  all = (): void => {
    this.selection = selections.selectAll(this.selection, this.ids)
  }
  clear = (): boolean => {
    const some = this.selection.ids.size > 0
    this.selection = selections.clear(this.selection)
    return some
  }

  get targets(): number[] {
    return selections.targets(this.selection, this.ids)
  }

  async discard(): Promise<void> {
    await this.#act(async (ids) => {
      const { changed, pages } = await call('pages.discard', { ids })
      this.#rows.patch(pages)
      return changed === 0 ? null : t('pages:wall.done.discarded', { count: changed })
    })
  }

  async restore(): Promise<void> {
    await this.#act(async (ids) => {
      const { changed, pages } = await call('pages.restore', { ids })
      this.#rows.patch(pages)
      return changed === 0 ? null : t('pages:wall.done.restored', { count: changed })
    })
  }

  async again(): Promise<void> {
    await this.#act(async (ids) => {
      const { runId } = await call('pages.register', { ids, templateId: null, recognise: true })
      return runId === null ? null : t('pages:wall.done.trying', { count: ids.length })
    })
  }

  async #act(act: (ids: number[]) => Promise<string | null>): Promise<void> {
    const ids = this.targets
    if (ids.length === 0) return
    await orToast(async () => {
      const said = await act(ids)
      toast(said === null ? 'note' : 'done', said ?? t('pages:wall.done.nothing'))
      this.clear()
      this.#rows.invalidate(ids)
      await this.load()
    })
  }

  #refreshSoon(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = null
        void this.load()
        void this.loadTemplates()
      },
      Math.max(60, this.#askedAt + interval - Date.now())
    )
  }
}
