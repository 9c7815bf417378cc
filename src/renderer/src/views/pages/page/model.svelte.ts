/** One page: what is known of it and of its fields, and what a person does to it. */
import type { Output } from '../../../../../shared/contract'
import type { TemplateDetail, TemplateRow } from '../../../../../shared/forms'
import { t } from '../../../i18n'
import { announce } from '../../../lib/announcer.svelte'
import { call, messageOf, on } from '../../../lib/api'
import { orToast } from '../../../lib/orToast'
import { toast } from '../../../lib/toasts.svelte'
import { cornersOf, middleOf, type Point, type Size } from '../geometry/shapes'
import { toShown } from '../geometry/turns'
import { pagesAround } from '../wall/model.svelte'

export type PageDetail = Output<'pages.detail'>
export type PageField = PageDetail['fields'][number]

/** A field with its corners on the page as it is shown. */
export interface PlacedField extends PageField {
  corners: Point[]
  middle: Point
}

export class PageModel {
  detail = $state.raw<PageDetail | null>(null)
  templates = $state.raw<readonly TemplateRow[]>([])
  /** Those that a page can be laid on: one that is still being drawn has no fields. */
  readonly usable = $derived(this.templates.filter(({ fields }) => fields > 0))
  around = $state.raw<readonly number[]>([])
  failure = $state<string | null>(null)
  busy = $state(false)
  /** The field the keys act on. */
  fieldId = $state<number | null>(null)

  readonly page = $derived(this.detail?.page ?? null)
  readonly stored = $derived<Size>({ width: this.page?.width || 1, height: this.page?.height || 1 })
  readonly turns = $derived(this.page?.turns ?? 0)
  readonly placed = $derived<PlacedField[]>(
    (this.detail?.fields ?? []).flatMap((field) => {
      if (field.quad === null) return []
      const corners = cornersOf(field.quad).map((corner) => toShown(corner, this.stored, this.turns))
      return [{ ...field, corners, middle: middleOf(corners) }]
    })
  )
  readonly field = $derived(this.placed.find((field) => field.id === this.fieldId) ?? null)

  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(readonly id: number) {}

  /** Its place among the pages around it, or -1. */
  get at(): number {
    return this.around.indexOf(this.id)
  }

  watch(): () => void {
    const stops = [
      on('pages.changed', ({ ids }) => {
        if (ids === null || ids.includes(this.id)) this.#loadSoon()
      }),
      on('fields.changed', ({ ids }) => {
        const mine = this.detail?.fields ?? []
        if (ids === null || mine.some((field) => ids.includes(field.id))) this.#loadSoon()
      }),
      on('templates.changed', ({ templates }) => (this.templates = templates))
    ]
    return () => {
      for (const stop of stops) stop()
      if (this.#timer) clearTimeout(this.#timer)
    }
  }

  async load(): Promise<void> {
    try {
      this.detail = await call('pages.detail', { id: this.id })
      this.failure = null
    } catch (error) {
      this.failure = messageOf(error)
    }
  }

  /** @param fieldId the field that the keys act on from the first of them on; null: the first there is */
  async start(fieldId: number | null): Promise<void> {
    await this.load()
    this.fieldId = (this.placed.find(({ id }) => id === fieldId) ?? this.placed[0])?.id ?? null
    try {
      const [{ templates }, around] = await Promise.all([call('templates.list', {}), pagesAround(this.id)])
      this.templates = templates
      this.around = around
    } catch {
      // Without them the page itself is still there; the next event asks again.
    }
  }

  discard = (): Promise<void> =>
    this.#act(async () => {
      await call('pages.discard', { ids: [this.id] })
      return t('pages:page.discarded')
    })
  restore = (): Promise<void> =>
    this.#act(async () => {
      await call('pages.restore', { ids: [this.id] })
      return t('pages:page.restored')
    })
  /** @param templateId the one to try; null: whichever fits */
  again = (templateId: number | null): Promise<void> =>
    this.#act(async () => {
      await call('pages.register', { ids: [this.id], templateId, recognise: true })
      return t('pages:page.trying')
    })
  setCorners = async (templateId: number, corners: number[]): Promise<boolean> => {
    let done = false
    await this.#act(async () => {
      await call('pages.setCorners', { id: this.id, templateId, corners, recognise: true })
      done = true
      return t('pages:corners.saved')
    })
    return done
  }
  template = (id: number): Promise<TemplateDetail> => call('templates.get', { id })

  async #act(act: () => Promise<string>): Promise<void> {
    if (this.busy) return
    this.busy = true
    await orToast(async () => {
      const said = await act()
      announce(said)
      toast('done', said)
      await this.load()
    })
    this.busy = false
  }

  #loadSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      void this.load()
    }, 150)
  }
}
